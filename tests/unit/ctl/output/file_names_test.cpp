#include "ctl/output/file_names.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include <algorithm>
#include <vector>

namespace packetsentry::ctl {
namespace {

TEST(FileNames, HaveANumberAndWhatTheClockShows) {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    EXPECT_EQ(numbered_name("dir/lab", ".pcapng.gz", 1, 1'796'124'600),
              "dir/lab_00001_20261201113000.pcapng.gz");
    EXPECT_EQ(numbered_name("", ".pcap", 99'999, 0), "_99999_19700101000000.pcap");
}

TEST(FileNames, SortByTheirNumbers) {
    std::vector<std::string> names;
    for (const std::uint64_t number : {1U, 2U, 9U, 10U, 99'999U, 100'000U, 100'001U, 999'999U, 1'000'000U})
        names.push_back(
            numbered_name("lab", ".pcap", number, 2'000'000'000 - static_cast<std::int64_t>(number)));
    EXPECT_TRUE(std::ranges::is_sorted(names));
}

}  // namespace
}  // namespace packetsentry::ctl
