#include "ctl/output/output_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace packetsentry::ctl {
namespace {

TEST(OutputFile, TheNullDeviceIsEverybodys) {
    const auto output = open_output("/dev/null", -1);
    ASSERT_TRUE(output) << output.error().message;
    struct stat status {};
    ASSERT_EQ(::fstat(output->get(), &status), 0);
    EXPECT_TRUE(S_ISCHR(status.st_mode));
    EXPECT_EQ(::write(output->get(), "x", 1), 1);
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
