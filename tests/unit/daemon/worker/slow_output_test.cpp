#include "daemon/worker/slow_output.h"

#include <gtest/gtest.h>

namespace packetsentry::worker {
namespace {

using namespace std::chrono_literals;

SlowOutput::Time moment(std::chrono::milliseconds time) {
    return SlowOutput::Time(time);
}

TEST(SlowOutput, TellsWhenItBeginsAndWhenItIsOverWithTheCount) {
    SlowOutput slow;
    EXPECT_FALSE(slow.news(moment(0s), 0));
    const auto begun = slow.news(moment(1s), 3);
    ASSERT_TRUE(begun);
    EXPECT_FALSE(begun->over);
    EXPECT_FALSE(slow.news(moment(2s), 5)) << "it was told";
    EXPECT_FALSE(slow.news(moment(11s), 5)) << "nine seconds are not enough to be over";
    const auto over = slow.news(moment(12s), 5);
    ASSERT_TRUE(over);
    EXPECT_TRUE(over->over);
    EXPECT_EQ(over->lost, 5U);
    EXPECT_FALSE(slow.news(moment(13s), 5));
}

TEST(SlowOutput, CountsEachTimeByItself) {
    SlowOutput slow;
    EXPECT_TRUE(slow.news(moment(1s), 7));
    EXPECT_TRUE(slow.news(moment(11s), 7));
    EXPECT_TRUE(slow.news(moment(20s), 8));
    const auto over = slow.news(moment(30s), 8);
    ASSERT_TRUE(over);
    EXPECT_EQ(over->lost, 1U);
}

}  // namespace
}  // namespace packetsentry::worker
