#include "daemon/base/pace.h"

#include <gtest/gtest.h>

namespace packetsentry::base {
namespace {

using namespace std::chrono_literals;

constexpr Pace::Time kBegin{1h};

TEST(Pace, TwoSecondsWorthAtOnceAndThenSoManyASecond) {
    Pace pace;
    for (int i = 0; i < 20; ++i) EXPECT_LE(pace.take(kBegin, 1, 10), kBegin) << i;
    EXPECT_EQ(pace.take(kBegin, 1, 10), kBegin + 100ms);
    EXPECT_EQ(pace.take(kBegin, 10, 10), kBegin + 1100ms);
    EXPECT_FALSE(pace.rested(kBegin + 3s));
    EXPECT_TRUE(pace.rested(kBegin + 4s));
    EXPECT_LE(pace.take(kBegin + 4s, 20, 10), kBegin + 4s);
}

TEST(Pace, IsExactOverALongTime) {
    Pace pace;
    Pace::Time now = kBegin;
    for (int i = 0; i < 10'000; ++i) now = std::max(now, pace.take(now, 1, 100));
    EXPECT_EQ(now - kBegin, 98s);
}

}  // namespace
}  // namespace packetsentry::base
