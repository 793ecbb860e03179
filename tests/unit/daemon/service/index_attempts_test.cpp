#include "daemon/service/index_attempts.h"

#include <gtest/gtest.h>

namespace packetsentry::service {
namespace {

using namespace std::chrono_literals;

constexpr IndexAttempts::Segment kSegment{.job = 1, .counter = 7};
constexpr IndexAttempts::Time kBegin{1h};

TEST(IndexAttempts, EachFurtherOneComesLater) {
    IndexAttempts attempts;
    EXPECT_TRUE(attempts.may_try(kSegment, kBegin));
    auto now = kBegin;
    for (const auto pause : {2s, 16s, 128s, 1024s, 3600s, 3600s}) {
        attempts.fails(kSegment, now);
        EXPECT_FALSE(attempts.may_try(kSegment, now + pause - 1s));
        now += pause;
        EXPECT_TRUE(attempts.may_try(kSegment, now)) << pause.count();
    }
    EXPECT_TRUE(attempts.may_try({.job = 1, .counter = 8}, kBegin)) << "another segment";
}

TEST(IndexAttempts, BeginAnewAfterASuccess) {
    IndexAttempts attempts;
    attempts.fails(kSegment, kBegin);
    attempts.fails(kSegment, kBegin);
    attempts.succeeds(kSegment);
    EXPECT_TRUE(attempts.may_try(kSegment, kBegin));
    attempts.fails(kSegment, kBegin);
    EXPECT_TRUE(attempts.may_try(kSegment, kBegin + 2s));
}

TEST(IndexAttempts, AreRememberedOfSoManySegments) {
    IndexAttempts attempts;
    for (std::uint64_t counter = 0; counter <= IndexAttempts::kSegments; ++counter)
        attempts.fails({.job = 2, .counter = counter}, kBegin + std::chrono::milliseconds(counter));
    EXPECT_TRUE(attempts.may_try({.job = 2, .counter = 0}, kBegin)) << "the one that was tried first";
    EXPECT_FALSE(attempts.may_try({.job = 2, .counter = 1}, kBegin));
}

}  // namespace
}  // namespace packetsentry::service
