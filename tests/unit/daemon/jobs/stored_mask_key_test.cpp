#include "daemon/jobs/stored_mask_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/unit/daemon/jobs/state.h"

namespace packetsentry::jobs {
namespace {

struct MaskKeyTest : testing::Test {
    MaskKeyTest() {
        std::string pattern = testing::TempDir() + "key-XXXXXX";
        directory = ::mkdtemp(pattern.data());
    }
    ~MaskKeyTest() override { std::filesystem::remove_all(directory); }
    std::string file() const { return directory + "/mask-key"; }
    std::string directory;
};

TEST_F(MaskKeyTest, IsMadeOnceAndOutlivesTheDaemon) {
    MaskKey first(opened(directory));
    EXPECT_FALSE(std::filesystem::exists(file()));
    const std::string key = first.get().value();
    EXPECT_EQ(key.size(), 32U);
    EXPECT_EQ(first.get().value(), key);
    EXPECT_EQ(MaskKey(opened(directory)).get().value(), key);
    struct stat status {};
    ASSERT_EQ(::stat(file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    std::filesystem::remove(file());
    EXPECT_NE(MaskKey(opened(directory)).get().value(), key);
}

TEST_F(MaskKeyTest, WithoutADirectoryItLivesAsLongAsTheDaemon) {
    MaskKey key;
    EXPECT_EQ(key.get().value(), key.get().value());
    EXPECT_NE(MaskKey().get().value(), key.get().value());
}

TEST_F(MaskKeyTest, WhatIsNoKeyIsNotUsed) {
    for (const std::size_t size : {0U, 31U, 33U}) {
        std::ofstream(file(), std::ios::binary | std::ios::trunc) << std::string(size, 'k');
        EXPECT_FALSE(MaskKey(opened(directory)).get()) << size;
    }
}

TEST_F(MaskKeyTest, OneThatCannotBeKeptIsNotUsed) {
    const auto state = opened(directory);
    std::filesystem::create_directory(directory + "/mask-key.new");  // in the way
    const auto key = MaskKey(state).get();
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, base::ErrorCode::file);
}

}  // namespace
}  // namespace packetsentry::jobs
