#include "ctl/client/input_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace packetsentry::ctl {
namespace {

TEST(InputFile, OfTheWrongKindIsRefused) {
    const test::TemporaryDirectory directory;
    const std::string file = directory.path() + "/x.pcap";
    std::ofstream(file) << "abc";
    EXPECT_TRUE(open_input(file));
    struct Case {
        std::string name;
        const char* why;
    };
    for (const Case& one : {Case{directory.path(), "it is a directory"}, Case{"/dev/null", "it is a device"},
                            Case{directory.path() + "/missing", "No such file or directory"}}) {
        const auto input = open_input(one.name);
        ASSERT_FALSE(input) << one.name;
        EXPECT_EQ(input.error().code, base::ErrorCode::file);
        EXPECT_NE(input.error().message.find(one.why), std::string::npos) << input.error().message;
    }
}

}  // namespace
}  // namespace packetsentry::ctl
