#include "daemon/spool/search/time_set.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <set>

namespace packetsentry::spool {
namespace {

constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();

using Piece = TimeSet::Piece;

TEST(TimeSet, JoinsPiecesThatTouch) {
    TimeSet times;
    times.add(10, 20);
    times.add(40, 50);
    EXPECT_EQ(times.pieces(), 2U);
    times.add(21, 30);
    EXPECT_EQ(times.pieces(), 2U);
    EXPECT_EQ(times.find(25), (Piece{10, 30}));
    EXPECT_EQ(times.find(31), std::nullopt);
    times.add(5, 60);
    EXPECT_EQ(times.pieces(), 1U);
    EXPECT_EQ(times.find(60), (Piece{5, 60}));
    times.add(7, 8);
    EXPECT_EQ(times.find(5), (Piece{5, 60}));
}

TEST(TimeSet, TakesAllTimesThereAre) {
    TimeSet times;
    EXPECT_FALSE(times.meets(kEarliest, kLatest));
    times.add(kEarliest, kEarliest);
    times.add(kLatest, kLatest);
    EXPECT_EQ(times.pieces(), 2U);
    EXPECT_TRUE(times.meets(5, kLatest));
    EXPECT_FALSE(times.meets(5, 6));
    times.add(kEarliest, kLatest);
    EXPECT_EQ(times.find(0), (Piece{kEarliest, kLatest}));
}

// A set of single times, which cannot be wrong.
TEST(TimeSet, IsWhatItsTimesSay) {
    std::minstd_rand random(7);
    for (int round = 0; round < 200; ++round) {
        TimeSet times;
        std::set<std::int64_t> expected;
        for (int piece = 0; piece < 12; ++piece) {
            const auto first = static_cast<std::int64_t>(random() % 100);
            const auto last = first + static_cast<std::int64_t>(random() % 10);
            times.add(first, last);
            for (std::int64_t time = first; time <= last; ++time) expected.insert(time);
        }
        std::size_t pieces = 0;
        for (std::int64_t time = -1; time < 115; ++time) {
            ASSERT_EQ(times.find(time).has_value(), expected.contains(time)) << time;
            pieces += expected.contains(time) && !expected.contains(time - 1) ? 1 : 0;
            const std::int64_t last = time + 3;
            const auto met = expected.lower_bound(time);
            ASSERT_EQ(times.meets(time, last), met != expected.end() && *met <= last) << time;
        }
        ASSERT_EQ(times.pieces(), pieces);
    }
}

TEST(SoughtTimes, MayBePiecesOfARange) {
    TimeSet pieces;
    pieces.add(10, 20);
    pieces.add(50, 60);
    const TimeRange range{.since_ns = 0, .until_ns = 30};
    EXPECT_TRUE(SoughtTimes(range).meets(22, 24));
    const SoughtTimes both(range, pieces);
    EXPECT_TRUE(both.meets(15, 40));
    EXPECT_FALSE(both.meets(22, 24));
    EXPECT_FALSE(both.meets(55, 58)) << "it is not in the range";
}

}  // namespace
}  // namespace packetsentry::spool
