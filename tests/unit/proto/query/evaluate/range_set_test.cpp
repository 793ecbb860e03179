#include "proto/query/evaluate/range_set.h"

#include <gtest/gtest.h>

namespace packetsentry::query {
namespace {

TEST(RangeSet, JoinsWhatOverlaps) {
    const RangeSet<int> set({{8, 9}, {1, 3}, {2, 5}, {5, 6}});
    ASSERT_EQ(set.ranges().size(), 2U);
    for (int value = 0; value < 12; ++value)
        EXPECT_EQ(set.contains(value), (value >= 1 && value <= 6) || value == 8 || value == 9) << value;
}

TEST(RangeSet, FindsAmongMany) {
    std::vector<RangeSet<int>::Range> ranges;
    for (int i = 0; i < 1000; ++i) ranges.push_back({i * 10, i * 10 + 2});
    const RangeSet<int> set(std::move(ranges));
    for (int value = 0; value < 10'000; ++value) EXPECT_EQ(set.contains(value), value % 10 <= 2) << value;
    EXPECT_FALSE(set.contains(-1));
    EXPECT_FALSE(set.contains(10'000));
}

TEST(RangeSet, AnEmptyOneHasNothing) {
    EXPECT_FALSE(RangeSet<int>().contains(0));
    EXPECT_FALSE(RangeSet<int>(std::vector<RangeSet<int>::Range>{}).contains(0));
}

}  // namespace
}  // namespace packetsentry::query
