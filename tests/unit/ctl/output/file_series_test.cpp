#include "ctl/output/file_series.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/support/temporary_directory.h"

namespace packetsentry::ctl {
namespace {

struct FileSeriesTest : testing::Test {
    [[nodiscard]] std::set<std::string> names() const {
        std::set<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(directory.path()))
            found.insert(entry.path());
        return found;
    }
    [[nodiscard]] std::string next(FileSeries& of) const {
        EXPECT_TRUE(of.open_next());
        return of.name();
    }
    const test::TemporaryDirectory directory;
    FileSeries series{directory.path() + "/lab", ".pcap", 2, -1};
};

TEST_F(FileSeriesTest, KeepsTheNewestAndTouchesNothingElse) {
    std::ofstream(directory.path() + "/lab_00000_20200101000000.pcap") << "somebody's";
    const std::string other = directory.path() + "/lab_00000_20200101000000.pcap";
    const std::string first = next(series);
    EXPECT_EQ(series.text(), first);
    const std::string second = next(series);
    EXPECT_EQ(names(), (std::set<std::string>{other, first, second}));
    const std::string third = next(series);
    EXPECT_EQ(names(), (std::set<std::string>{other, second, third}));
    EXPECT_EQ(series.number(), 3U);
    EXPECT_EQ(series.text(), "2 files, " + second + " to " + third + " (1 older one was removed)");
    struct stat status {};
    ASSERT_EQ(::stat(third.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(FileSeriesTest, WhatSomebodyHasPutInPlaceOfAFileStays) {
    const std::string first = next(series);
    std::filesystem::rename(first, first + ".moved");
    std::ofstream(first) << "somebody's";
    const std::string second = next(series);
    const std::string third = next(series);
    EXPECT_EQ(names(), (std::set<std::string>{first, first + ".moved", second, third}));
}

TEST_F(FileSeriesTest, AFileToWhichNothingWasSavedIsTakenBack) {
    (void)next(series);
    series.take_back();
    EXPECT_TRUE(names().empty());
}

TEST_F(FileSeriesTest, AFileThatCannotBeMadeIsAnErrorAndTheNextOneHasItsNumber) {
    FileSeries nowhere(directory.path() + "/none/lab", ".pcap", 0, -1);
    const auto opened = nowhere.open_next();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, base::ErrorCode::file);
    EXPECT_EQ(nowhere.number(), 0U);
}

}  // namespace
}  // namespace packetsentry::ctl
