#include "ctl/options/file_limits.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace packetsentry::ctl {
namespace {

constexpr std::uint64_t kSecondNs = 1'000'000'000;

TEST(FileLimits, AreReadAsTheyAreTyped) {
    const std::vector<std::string> words{"filesize:10MB", "duration:5m", "packets:7", "files:3"};
    const auto files = several_files(words, "lab.pcapng");
    ASSERT_TRUE(files);
    ASSERT_TRUE(*files);
    EXPECT_EQ((*files)->each.bytes(), 10'000'000U);
    EXPECT_EQ((*files)->each.duration_ns(), 300 * kSecondNs);
    EXPECT_EQ((*files)->each.packets(), 7U);
    EXPECT_EQ((*files)->kept, 3U);
}

TEST(FileLimits, OfTwoOfAKindTheLowerOneHolds) {
    const std::vector<std::string> words{"packets:7", "packets:5", "packets:6"};
    EXPECT_EQ((*several_files(words, "lab.pcap"))->each.packets(), 5U);
}

TEST(FileLimits, AreNoneWithoutWords) {
    const auto files = several_files({}, "");
    ASSERT_TRUE(files);
    EXPECT_FALSE(*files);
}

TEST(FileLimits, WhatIsWrongIsAnsweredWithWhatIsRight) {
    struct Case {
        const char* word;
        const char* output;
        const char* advice;
    };
    for (const Case& one : {
             Case{"10", "a.pcap", "-b filesize:100MiB"},
             Case{"size:10MB", "a.pcap", "-b filesize:100MiB"},
             Case{"filesize:10", "a.pcap", "as in 10MiB"},
             Case{"packets:0", "a.pcap", "packets:100"},
             Case{"duration:10ms", "a.pcap", "-b duration:1s"},
             Case{"files:1", "a.pcap", "from 2 to"},
             Case{"files:5", "a.pcap", "add -b filesize:100MiB"},
             Case{"packets:5", "", "add -o FILE.pcapng"},
             Case{"packets:5", "-", "name a file with -o"},
             Case{"packets:5", "/dev/null", "name a file with -o"},
         }) {
        const std::vector<std::string> words{one.word};
        const auto files = several_files(words, one.output);
        ASSERT_FALSE(files) << one.word;
        EXPECT_EQ(files.error().code, base::ErrorCode::usage) << one.word;
        EXPECT_NE(files.error().message.find(one.advice), std::string::npos) << files.error().message;
    }
}

}  // namespace
}  // namespace packetsentry::ctl
