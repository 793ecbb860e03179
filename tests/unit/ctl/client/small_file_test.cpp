#include "ctl/client/small_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace packetsentry::ctl {
namespace {

TEST(SmallFile, IsReadUpToOneByteMoreThanTheMost) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path() + "/file";
    std::ofstream(path) << "0123456789";
    EXPECT_EQ(read_small_file(path, 20).value_or(""), "0123456789");
    EXPECT_EQ(read_small_file(path, 10).value_or(""), "0123456789");
    EXPECT_EQ(read_small_file(path, 9).value_or(""), "0123456789");
    EXPECT_EQ(read_small_file(path, 8).value_or(""), "012345678");
}

TEST(SmallFile, NothingElseIsRead) {
    const test::TemporaryDirectory directory;
    const std::string pipe = directory.path() + "/pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    for (const std::string& path : {pipe, directory.path()}) {
        const auto text = read_small_file(path, 10);
        ASSERT_FALSE(text);
        EXPECT_EQ(text.error().code, base::ErrorCode::file);
        EXPECT_EQ(text.error().message, "cannot read '" + path + "': it is not an ordinary file");
    }
    EXPECT_EQ(read_small_file(directory.path() + "/absent", 10).error().message,
              "cannot read '" + directory.path() + "/absent': No such file or directory");
}

}  // namespace
}  // namespace packetsentry::ctl
