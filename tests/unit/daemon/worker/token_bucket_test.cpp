#include "daemon/worker/token_bucket.h"

#include <gtest/gtest.h>

namespace packetsentry::worker {
namespace {

using namespace std::chrono_literals;

// How many of a hundred asked for at once are given.
int given(TokenBucket& bucket, TokenBucket::Time now) {
    int count = 0;
    for (int i = 0; i < 100; ++i) count += bucket.take(now) ? 1 : 0;
    return count;
}

TEST(TokenBucket, BeginsWithATenthOfASecond) {
    const TokenBucket::Time now{};
    TokenBucket bucket(50, now);
    EXPECT_EQ(given(bucket, now), 5);
    TokenBucket slow(1, now);
    EXPECT_EQ(given(slow, now), 1);
}

TEST(TokenBucket, FillsAtItsRateUpToASecond) {
    const TokenBucket::Time now{};
    TokenBucket bucket(50, now);
    EXPECT_EQ(given(bucket, now), 5);
    EXPECT_EQ(given(bucket, now + 100ms), 5);
    EXPECT_EQ(given(bucket, now + 101ms), 0);
    EXPECT_EQ(given(bucket, now + 60s), 50);
}

TEST(TokenBucket, GivesTheRateInTheLongRun) {
    TokenBucket::Time now{};
    TokenBucket bucket(10, now);
    int count = 0;
    for (int i = 0; i < 10'000; ++i, now += 1ms) count += bucket.take(now) ? 1 : 0;
    EXPECT_NEAR(count, 100, 2);
}

}  // namespace
}  // namespace packetsentry::worker
