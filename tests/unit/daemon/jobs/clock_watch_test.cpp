#include "daemon/jobs/clock_watch.h"

#include <gtest/gtest.h>

namespace packetsentry::jobs {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// A second later, with the clock set and after a sleep.
Clocks later(Clocks clocks, nanoseconds set = 0s, nanoseconds slept = 0s) {
    return {clocks.wall + 1s + set + slept, clocks.boot + 1s + slept, clocks.awake + 1s};
}

const Clocks kBegin{1'790'000'000s, 5000s, 4000s};

TEST(ClockWatch, IsSilentWhileTheClocksGoTogether) {
    ClockWatch watch(kBegin);
    EXPECT_FALSE(watch.look(later(kBegin)));
    EXPECT_FALSE(watch.look(later(later(kBegin), 99ms)));
}

TEST(ClockWatch, TellsOnceWhichWayTheClockWasSet) {
    ClockWatch watch(kBegin);
    const Clocks back = later(kBegin, -3600s);
    EXPECT_EQ(watch.look(back),
              "the clock was set back by 3600.0 s; times before and after cannot be compared");
    EXPECT_FALSE(watch.look(later(back)));
    EXPECT_EQ(watch.look(later(later(back), 500ms)),
              "the clock was set forward by 0.5 s; times before and after cannot be compared");
}

TEST(ClockWatch, ASleepIsNoSettingOfTheClock) {
    ClockWatch watch(kBegin);
    const Clocks awake = later(kBegin, 0s, 7200s);
    EXPECT_EQ(watch.look(awake), "the machine slept for 7200 s; packets of that time were not seen");
    EXPECT_EQ(watch.look(later(awake, 2s, 60s)),
              "the machine slept for 60 s; packets of that time were not seen; the clock was set forward by "
              "2.0 s; times before and after cannot be compared");
}

TEST(ClockWatch, AReadingThatWasHeldUpIsLeftOut) {
    ClockWatch watch(std::nullopt);
    EXPECT_FALSE(watch.look(kBegin));
    EXPECT_FALSE(watch.look(std::nullopt));
    EXPECT_TRUE(watch.look(later(later(kBegin), 10s)));
}

TEST(ClockWatch, ReadsTheClocksOfThisMachine) {
    const auto first = Clocks::read();
    const auto second = Clocks::read();
    ASSERT_TRUE(first && second);
    EXPECT_GE(second->boot, first->boot);
    EXPECT_GE(first->boot + 1s, first->awake);
    EXPECT_GT(first->wall, first->boot);
}

}  // namespace
}  // namespace packetsentry::jobs
