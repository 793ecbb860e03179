#include "daemon/spool/format/segment_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace packetsentry::spool {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::string rows_name(std::uint64_t counter, std::int64_t created_ns) {
    return file_name(segment_name(counter, created_ns), SegmentFile::rows);
}

TEST(SegmentName, IsACounterAndATime) {
    EXPECT_EQ(rows_name(42, 1'796'077'408'123'456'789), "0000000042-20261130T222328Z.rows");
    EXPECT_EQ(file_name(segment_name(1, 0), SegmentFile::index), "0000000001-19700101T000000Z.index");
    EXPECT_EQ(file_name(segment_name(kCounterLimit, std::numeric_limits<std::int64_t>::max()),
                        SegmentFile::packets),
              "9999999999-22620411T234716Z.pcapng");
}

TEST(SegmentName, TellsATimeBefore1970As1970) {
    EXPECT_EQ(rows_name(1, -1), "0000000001-19700101T000000Z.rows");
    EXPECT_EQ(rows_name(1, std::numeric_limits<std::int64_t>::min()), "0000000001-19700101T000000Z.rows");
}

// The clock is set back an hour, forward a day, and before 1970.
TEST(SegmentName, SortsByTheCounterWhateverTheClockDoes) {
    std::vector<std::string> names;
    std::int64_t time = 1'796'077'408 * kSecond;
    std::uint64_t counter = 8;
    for (const std::int64_t step : {0L, 0L, -3600L, 1L, 86'400L, -90'000L, -1'800'000'000L, 5L})
        names.push_back(rows_name(++counter, time += step * kSecond));
    EXPECT_TRUE(std::ranges::is_sorted(names));
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(SegmentName, IsReadAsItIsWritten) {
    for (const SegmentFile file : {SegmentFile::rows, SegmentFile::index, SegmentFile::packets})
        for (const std::int64_t second : {0L, 951'782'399L, 951'782'400L, 1'796'077'408L, 9'223'372'036L}) {
            const SegmentName name = segment_name(77, second * kSecond);
            const auto parsed = parse_file_name(file_name(name, file));
            ASSERT_TRUE(parsed) << file_name(name, file);
            EXPECT_EQ(*parsed, (ParsedName{name, file}));
        }
}

TEST(SegmentName, NothingElseIsOne) {
    const std::array kOthers = {
        "",
        "catalogue",
        "spool",
        ".rows",
        "0000000042-20261130T222328Z",
        "0000000042-20261130T222328Z.row",
        "0000000042-20261130T222328Z.rows~",
        "0000000042-20261130T222328Z.rows.tmp",
        "0000000000-20261130T222328Z.rows",
        "000000042-20261130T222328Z.rows",
        "00000000042-20261130T222328Z.rows",
        "0000000042_20261130T222328Z.rows",
        "0000000042-20261131T222328Z.rows",
        "0000000042-20261330T222328Z.rows",
        "0000000042-20260230T222328Z.rows",
        "0000000042-20261130T242328Z.rows",
        "0000000042-20261130T226028Z.rows",
        "0000000042-20261130T222360Z.rows",
        "0000000042-20261130t222328Z.rows",
        "0000000042-20261130T222328z.rows",
        "0000000042-19691231T235959Z.rows",
        "+000000042-20261130T222328Z.rows",
        " 000000042-20261130T222328Z.rows",
        "0000000042-2026113 T222328Z.rows",
    };
    for (const char* other : kOthers) EXPECT_FALSE(parse_file_name(other)) << other;
}

TEST(JobDirectory, IsAPlainNumber) {
    EXPECT_EQ(parse_job_directory("12"), 12U);
    EXPECT_EQ(parse_job_directory("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
    for (const char* other : {"", "0", "012", "+1", "-1", "1 ", " 1", "1.", "x", "18446744073709551616"})
        EXPECT_FALSE(parse_job_directory(other)) << other;
}

}  // namespace
}  // namespace packetsentry::spool
