#include "daemon/capture/file/time_scale.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>

namespace packetsentry::capture {
namespace {

constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min();
constexpr std::uint64_t kLatestTicks = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t kMostTicks = std::numeric_limits<std::uint64_t>::max();

struct TimeScaleCase {
    std::uint8_t resolution;
    std::int64_t offset_seconds;
    std::uint64_t ticks;
    std::optional<std::int64_t> nanoseconds;
};

class TimeScaleTable : public testing::TestWithParam<TimeScaleCase> {};

TEST_P(TimeScaleTable, GivesNanoseconds) {
    const TimeScaleCase& c = GetParam();
    EXPECT_EQ(TimeScale(c.resolution, c.offset_seconds).nanoseconds(c.ticks), c.nanoseconds)
        << "resolution " << int{c.resolution} << " ticks " << c.ticks;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, TimeScaleTable,
    testing::Values(
        TimeScaleCase{6, 0, 1'700'000'000'123'456, 1'700'000'000'123'456'000},
        TimeScaleCase{9, 0, 1'700'000'000'123'456'789, 1'700'000'000'123'456'789},
        TimeScaleCase{0, 0, 1'700'000'000, 1'700'000'000'000'000'000},
        TimeScaleCase{3, 0, 1'700'000'000'123, 1'700'000'000'123'000'000},
        TimeScaleCase{12, 0, 1'700'000'000'123'456'789, 1'700'000'000'123'456},
        TimeScaleCase{28, 0, kMostTicks, 1}, TimeScaleCase{29, 0, kMostTicks, 0},
        TimeScaleCase{127, 0, kMostTicks, 0}, TimeScaleCase{0x80 | 10, 0, 1024 * 5 + 512, 5'500'000'000},
        TimeScaleCase{0x80, 0, 7, 7'000'000'000}, TimeScaleCase{0x80 | 64, 0, kMostTicks, 999'999'999},
        TimeScaleCase{0x80 | 127, 0, kMostTicks, 0}, TimeScaleCase{6, 10, 1, 10'000'001'000},
        TimeScaleCase{6, -10, 1, -9'999'999'000},
        // The range, and what lies beyond it.
        TimeScaleCase{9, 0, kLatestTicks, kLatest}, TimeScaleCase{9, 0, kLatestTicks + 1, std::nullopt},
        TimeScaleCase{9, -9'223'372'037, 145'224'192, kEarliest},
        TimeScaleCase{9, -9'223'372'037, 145'224'191, std::nullopt},
        TimeScaleCase{0, 0, kMostTicks, std::nullopt}, TimeScaleCase{6, 0, kMostTicks, std::nullopt},
        TimeScaleCase{0x80, 0, kMostTicks, std::nullopt}, TimeScaleCase{9, kLatest, 0, std::nullopt},
        TimeScaleCase{9, kEarliest, 0, std::nullopt}, TimeScaleCase{0, kEarliest, kMostTicks, std::nullopt},
        // A clock that began in the future, or long ago, may tell a time of today.
        TimeScaleCase{0, kEarliest, std::uint64_t{1} << 63, 0},
        TimeScaleCase{12, -1'000'000, kMostTicks, 17'446'744'073'709'551}));

}  // namespace
}  // namespace packetsentry::capture
