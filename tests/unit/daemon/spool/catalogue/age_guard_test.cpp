#include "daemon/spool/catalogue/age_guard.h"

#include <gtest/gtest.h>

#include <limits>

namespace packetsentry::spool {
namespace {

TEST(AgeGuard, RemovesNothingForAnHourAfterAJump) {
    using std::chrono::hours;
    using std::chrono::minutes;
    constexpr std::int64_t kHourNs = 3'600'000'000'000;
    const AgeGuard::Time begin{hours(5)};
    const std::int64_t wall = 500'000 * kHourNs;
    AgeGuard guard(wall);
    EXPECT_TRUE(guard.may_remove(begin, wall + 24 * kHourNs)) << "a day is no jump";
    EXPECT_TRUE(guard.may_remove(begin + hours(100), wall + 124 * kHourNs)) << "the time has passed";
    EXPECT_TRUE(guard.may_remove(begin + hours(101), wall + 149 * kHourNs));
    EXPECT_FALSE(guard.may_remove(begin + hours(102), wall + 174 * kHourNs + 1));
    EXPECT_FALSE(guard.may_remove(begin + hours(102) + minutes(59), wall + 175 * kHourNs));
    EXPECT_TRUE(guard.may_remove(begin + hours(103), wall + 175 * kHourNs));
    EXPECT_TRUE(guard.may_remove(begin + hours(103), 0)) << "nothing is old for a clock that was set back";
    EXPECT_FALSE(guard.may_remove(begin + hours(103), wall)) << "it has jumped forward again";
}

TEST(AgeGuard, KnowsTheClockBeforeARestart) {
    const AgeGuard::Time begin{std::chrono::hours(5)};
    EXPECT_FALSE(AgeGuard(1'000).may_remove(begin, 2 * 86'400'000'000'000));
    EXPECT_TRUE(AgeGuard(0).may_remove(begin, 2 * 86'400'000'000'000)) << "there is nothing to be removed";
    AgeGuard far(std::numeric_limits<std::int64_t>::min());
    EXPECT_FALSE(far.may_remove(begin, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace
}  // namespace packetsentry::spool
