#include "daemon/base/clock.h"

#include <gtest/gtest.h>

namespace packetsentry::base {
namespace {

using namespace std::chrono_literals;

TEST(Clock, IsTheSystems) {
    const auto before = std::chrono::steady_clock::now();
    const auto now = SteadyClock::now();
    EXPECT_GE(now, before);
    EXPECT_LE(now, std::chrono::steady_clock::now());
    EXPECT_FALSE(clocks_are_movable());
}

TEST(Clock, ATestMovesBothUntilItEnds) {
    const auto before = SteadyClock::now();
    const std::int64_t wall_before = wall_clock_ns();
    {
        MovableClocks clocks;
        EXPECT_TRUE(clocks_are_movable());
        clocks.advance(1h);
        EXPECT_GE(SteadyClock::now() - before, 1h);
        EXPECT_GE(wall_clock_ns() - wall_before, std::chrono::nanoseconds(1h).count());
    }
    EXPECT_FALSE(clocks_are_movable());
    EXPECT_LT(SteadyClock::now() - before, 1h);
}

}  // namespace
}  // namespace packetsentry::base
