#include "daemon/jobs/id_counter.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/daemon/jobs/state.h"

namespace packetsentry::jobs {
namespace {

struct IdCounterTest : testing::Test {
    IdCounterTest() {
        std::string pattern = testing::TempDir() + "ids-XXXXXX";
        directory = ::mkdtemp(pattern.data());
    }
    ~IdCounterTest() override { std::filesystem::remove_all(directory); }
    std::string file() const { return directory + "/next-job"; }
    std::string content() const {
        std::ifstream in(file());
        return {std::istreambuf_iterator<char>(in), {}};
    }
    std::string directory;
};

TEST_F(IdCounterTest, GoesOnAfterARestart) {
    {
        IdCounter ids(opened(directory));
        EXPECT_EQ(ids.trouble(), "");
        EXPECT_EQ(ids.take(), 1U);
        EXPECT_EQ(ids.take(), 2U);
        EXPECT_EQ(content(), "3\n");
    }
    EXPECT_EQ(IdCounter(opened(directory)).take(), 3U);
}

TEST_F(IdCounterTest, TheNumberIsStoredBeforeItIsUsed) {
    IdCounter ids(opened(directory));
    const auto taken = ids.take();
    EXPECT_EQ(content(), std::to_string(taken + 1) + "\n");
    EXPECT_FALSE(std::filesystem::exists(file() + ".new"));
}

TEST_F(IdCounterTest, WithoutADirectoryItCountsInMemory) {
    IdCounter ids({});
    EXPECT_EQ(ids.trouble(), "");
    EXPECT_EQ(ids.take(), 1U);
    EXPECT_EQ(ids.take(), 2U);
}

TEST_F(IdCounterTest, WhatIsNoNumberIsLeftAlone) {
    for (const char* text : {"", "x\n", "7", "0\n", "-3\n", "99999999999999999999\n"}) {
        std::ofstream(file()) << text;
        IdCounter ids(opened(directory));
        EXPECT_NE(ids.trouble(), "") << text;
        EXPECT_EQ(ids.take(), 1U);
        EXPECT_EQ(content(), text);
    }
}

}  // namespace
}  // namespace packetsentry::jobs
