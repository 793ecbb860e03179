#include "daemon/flows/own_losses.h"

#include <gtest/gtest.h>

namespace packetsentry::flows {
namespace {

using namespace std::chrono_literals;

struct LossesOfTests : testing::Test {
    void tell(std::uint64_t lost, std::int64_t time_ns) { losses.tell(lost, time_ns, now); }

    OwnLosses losses;
    OwnLosses::Clock::time_point now{1h};
};

TEST_F(LossesOfTests, AreAskedForAFewTimesASecond) {
    EXPECT_TRUE(losses.due(now));
    tell(0, 100);
    EXPECT_FALSE(losses.due(now + 249ms));
    EXPECT_TRUE(losses.due(now + 250ms));
}

// A packet that waited while others were lost began before they were.
TEST_F(LossesOfTests, CountFromTheTimeOfAPacket) {
    tell(0, 100);
    tell(7, 200);
    tell(7, 300);
    tell(9, 400);
    EXPECT_EQ(losses.all(), 9U);
    EXPECT_EQ(losses.before(50), 0U);
    EXPECT_EQ(losses.before(199), 0U);
    EXPECT_EQ(losses.before(200), 7U);
    EXPECT_EQ(losses.before(399), 7U);
    EXPECT_EQ(losses.before(400), 9U);
    EXPECT_EQ(losses.before(INT64_MAX), 9U);
}

TEST_F(LossesOfTests, AreRememberedForAWhile) {
    for (std::int64_t i = 1; i <= 100; ++i) tell(static_cast<std::uint64_t>(i), 10 * i);
    EXPECT_EQ(losses.before(1000), 100U);
    EXPECT_EQ(losses.before(705), 70U);
    EXPECT_EQ(losses.before(0), 69U) << "the oldest that is known";
}

}  // namespace
}  // namespace packetsentry::flows
