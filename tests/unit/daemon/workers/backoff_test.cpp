#include "daemon/workers/backoff.h"

#include <gtest/gtest.h>

namespace packetsentry::workers {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesToAMinute) {
    Backoff backoff;
    Backoff::Time now{};
    std::chrono::milliseconds wanted = 250ms;
    for (int i = 0; i < 12; ++i) {
        const auto delay = backoff.next(now);
        EXPECT_EQ(delay, wanted) << i;
        now += delay;
        wanted = std::min<std::chrono::milliseconds>(wanted * 2, 60s);
    }
}

TEST(Backoff, BeginsAgainOnceAllWasWell) {
    Backoff backoff;
    EXPECT_EQ(backoff.next(Backoff::Time(1s)), 250ms);
    EXPECT_EQ(backoff.next(Backoff::Time(2s)), 500ms);
    EXPECT_EQ(backoff.next(Backoff::Time(2s + 60s)), 1000ms);
    EXPECT_EQ(backoff.next(Backoff::Time(62s + 62s)), 250ms);
}

}  // namespace
}  // namespace packetsentry::workers
