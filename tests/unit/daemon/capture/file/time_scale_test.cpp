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

struct Case {
    std::uint8_t resolution;
    std::int64_t offset_seconds;
    std::uint64_t ticks;
    std::optional<std::int64_t> nanoseconds;
};

class TimeScaleTable : public testing::TestWithParam<Case> {};

TEST_P(TimeScaleTable, GivesNanoseconds) {
    const Case& c = GetParam();
    EXPECT_EQ(TimeScale(c.resolution, c.offset_seconds).nanoseconds(c.ticks), c.nanoseconds)
        << "resolution " << int{c.resolution} << " ticks " << c.ticks;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, TimeScaleTable,
    testing::Values(Case{6, 0, 1'700'000'000'123'456, 1'700'000'000'123'456'000},
                    Case{9, 0, 1'700'000'000'123'456'789, 1'700'000'000'123'456'789},
                    Case{0, 0, 1'700'000'000, 1'700'000'000'000'000'000},
                    Case{3, 0, 1'700'000'000'123, 1'700'000'000'123'000'000},
                    Case{12, 0, 1'700'000'000'123'456'789, 1'700'000'000'123'456}, Case{28, 0, kMostTicks, 1},
                    Case{29, 0, kMostTicks, 0}, Case{127, 0, kMostTicks, 0},
                    Case{0x80 | 10, 0, 1024 * 5 + 512, 5'500'000'000}, Case{0x80, 0, 7, 7'000'000'000},
                    Case{0x80 | 64, 0, kMostTicks, 999'999'999}, Case{0x80 | 127, 0, kMostTicks, 0},
                    Case{6, 10, 1, 10'000'001'000}, Case{6, -10, 1, -9'999'999'000},
                    // The range, and what lies beyond it.
                    Case{9, 0, kLatestTicks, kLatest}, Case{9, 0, kLatestTicks + 1, std::nullopt},
                    Case{9, -9'223'372'037, 145'224'192, kEarliest},
                    Case{9, -9'223'372'037, 145'224'191, std::nullopt}, Case{0, 0, kMostTicks, std::nullopt},
                    Case{6, 0, kMostTicks, std::nullopt}, Case{0x80, 0, kMostTicks, std::nullopt},
                    Case{9, kLatest, 0, std::nullopt}, Case{9, kEarliest, 0, std::nullopt},
                    Case{0, kEarliest, kMostTicks, std::nullopt},
                    // A clock that began in the future, or long ago, may tell a time of today.
                    Case{0, kEarliest, std::uint64_t{1} << 63, 0},
                    Case{12, -1'000'000, kMostTicks, 17'446'744'073'709'551}));

}  // namespace
}  // namespace packetsentry::capture
