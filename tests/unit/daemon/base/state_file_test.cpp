#include "daemon/base/state_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace packetsentry::base {
namespace {

struct StateFileTest : testing::Test {
    StateFileTest() {
        std::string pattern = testing::TempDir() + "state-XXXXXX";
        directory = ::mkdtemp(pattern.data());
        path = directory + "/file";
    }
    ~StateFileTest() override { std::filesystem::remove_all(directory); }
    std::string directory;
    std::string path;
};

TEST_F(StateFileTest, GivesBackWhatWasPut) {
    const std::string bytes("a\0b\n", 4);
    ASSERT_TRUE(replace_file(path, bytes));
    EXPECT_EQ(read_file(path, 4).value(), bytes);
    ASSERT_TRUE(replace_file(path, ""));
    EXPECT_EQ(read_file(path, 4).value(), "");
    EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(StateFileTest, IsForItsOwnerAlone) {
    ASSERT_TRUE(replace_file(path, "x"));
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(StateFileTest, OneThatIsMissingIsNoError) {
    const auto read = read_file(path, 10);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, std::nullopt);
}

TEST_F(StateFileTest, OneThatIsTooLongOrALinkIs) {
    ASSERT_TRUE(replace_file(path, "12345"));
    EXPECT_FALSE(read_file(path, 4));
    std::filesystem::create_symlink(path, directory + "/link");
    EXPECT_FALSE(read_file(directory + "/link", 10));
}

TEST_F(StateFileTest, WhereItCannotBeWrittenTheOldOneStays) {
    ASSERT_TRUE(replace_file(path, "old"));
    std::filesystem::create_directory(path + ".new");  // in the way
    const auto replaced = replace_file(path, "new");
    ASSERT_FALSE(replaced);
    EXPECT_EQ(replaced.error().code, ErrorCode::file);
    EXPECT_EQ(read_file(path, 10).value(), "old");
    EXPECT_FALSE(replace_file(directory + "/none/file", "x"));
}

}  // namespace
}  // namespace packetsentry::base
