#include "proto/link/deadline.h"

#include <gtest/gtest.h>

#include <limits>

namespace packetsentry::proto {
namespace {

using Clock = std::chrono::steady_clock;
using Time = std::chrono::time_point<Clock, std::chrono::nanoseconds>;

constexpr std::uint64_t kHalf = 1ULL << 63;

TEST(Deadline, WhatTheClockCannotCountNeverEnds) {
    struct Case {
        std::int64_t now;
        std::uint64_t duration;
        std::optional<std::int64_t> end;
    };
    const Case cases[] = {
        {100, 0, 100},
        {100, 1, 101},
        {100, 1ULL << 31, 100 + (1LL << 31)},
        {100, 1ULL << 32, 100 + (1LL << 32)},
        {100, kHalf - 101, std::numeric_limits<std::int64_t>::max()},
        {100, kHalf - 100, std::nullopt},
        {100, kHalf - 1, std::nullopt},
        {100, kHalf, std::nullopt},
        {100, std::numeric_limits<std::uint64_t>::max(), std::nullopt},
        {-100, kHalf - 1, std::numeric_limits<std::int64_t>::max() - 100},
        {-100, kHalf + 99, std::numeric_limits<std::int64_t>::max()},
        {-100, kHalf + 100, std::nullopt},
    };
    for (const Case& one : cases) {
        const auto end = deadline_after(Time(std::chrono::nanoseconds(one.now)), one.duration);
        ASSERT_EQ(end.has_value(), one.end.has_value()) << one.duration;
        if (end) {
            EXPECT_EQ(end->time_since_epoch().count(), *one.end) << one.duration;
        }
    }
}

}  // namespace
}  // namespace packetsentry::proto
