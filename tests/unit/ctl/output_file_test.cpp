#include "ctl/output_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>

namespace packetsentry::ctl {
namespace {

TEST(OutputFile, TheFormatIsTheEnding) {
    struct Case {
        const char* name;
        std::optional<wire::SaveFormat> format;  // none: refused
    };
    for (const Case& one : {
             Case{"a.pcap", wire::SAVE_PCAP},
             Case{"a.cap", wire::SAVE_PCAP},
             Case{"a.pcapng", wire::SAVE_PCAPNG},
             Case{"A.PCAP", wire::SAVE_PCAP},
             Case{"A.CAP", wire::SAVE_PCAP},
             Case{"A.PcapNG", wire::SAVE_PCAPNG},
             Case{"a.pcap.pcapng", wire::SAVE_PCAPNG},
             Case{"-", wire::SAVE_PCAPNG},
             Case{"/dev/null", wire::SAVE_PCAPNG},
             Case{"a.pcap.gz", std::nullopt},
             Case{"pcap", std::nullopt},
             Case{"a.txt", std::nullopt},
             Case{"/dev/full", std::nullopt},
         }) {
        const auto format = output_format(one.name);
        EXPECT_EQ(format.has_value(), one.format.has_value()) << one.name;
        if (format && one.format) {
            EXPECT_EQ(*format, *one.format) << one.name;
        }
    }
}

TEST(OutputFile, TheNullDeviceIsEverybodys) {
    const auto output = open_output("/dev/null", -1);
    ASSERT_TRUE(output) << output.error().message;
    struct stat status {};
    ASSERT_EQ(::fstat(output->fd.get(), &status), 0);
    EXPECT_TRUE(S_ISCHR(status.st_mode));
    EXPECT_EQ(::write(output->fd.get(), "x", 1), 1);
}

// Another device under a name with the right ending is none of the user's own files.
TEST(OutputFile, OtherDevicesAreNot) {
    const std::string link = testing::TempDir() + "output-" + std::to_string(::getpid()) + ".pcap";
    ASSERT_EQ(::symlink("/dev/null", link.c_str()), 0);
    const auto output = open_output(link, -1);
    ::unlink(link.c_str());
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().code, base::ErrorCode::file);
}

}  // namespace
}  // namespace packetsentry::ctl
