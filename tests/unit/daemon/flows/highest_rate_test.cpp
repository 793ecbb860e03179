#include "daemon/flows/highest_rate.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace packetsentry::flows {
namespace {

constexpr std::int64_t kMilli = 1'000'000;

std::uint32_t rate_of(std::int64_t begin_ns,
                      const std::vector<std::pair<std::int64_t, std::uint32_t>>& packets) {
    HighestRate rate;
    for (const auto& [time_ns, bytes] : packets) rate.add(begin_ns, time_ns, bytes);
    return rate.bytes();
}

TEST(HighestRate, IsThatOfTheSecondWithTheMost) {
    struct Case {
        const char* what;
        std::vector<std::pair<std::int64_t, std::uint32_t>> packets;
        std::uint32_t highest;
    };
    const Case cases[] = {
        {"the first second", {{0, 10}, {999 * kMilli, 20}, {1500 * kMilli, 25}}, 30},
        {"one in the middle", {{0, 10}, {5000 * kMilli, 20}, {5500 * kMilli, 25}, {7000 * kMilli, 44}}, 45},
        {"the last one", {{0, 10}, {9000 * kMilli, 20}, {9900 * kMilli, 25}}, 45},
        {"seconds begin with the first packet",
         {{100, 10}, {1000 * kMilli, 20}, {1000 * kMilli + 100, 25}},
         30},
        {"earlier times count now", {{0, 1}, {3000 * kMilli, 10}, {0, 20}, {3500 * kMilli, 5}}, 35},
    };
    for (const Case& c : cases) EXPECT_EQ(rate_of(c.packets.front().first, c.packets), c.highest) << c.what;
}

TEST(HighestRate, CountsNoFurtherThanItCan) {
    EXPECT_EQ(rate_of(0, {{0, 4'000'000'000}, {1, 4'000'000'000}, {2, 1}}), UINT32_MAX);
}

TEST(HighestRate, BearsAnyTimes) {
    for (const std::int64_t begin :
         {INT64_MIN, INT64_MIN + 1, std::int64_t{-1}, std::int64_t{0}, INT64_MAX - 5, INT64_MAX})
        for (const std::int64_t then : {INT64_MIN, std::int64_t{0}, INT64_MAX - 1, INT64_MAX})
            EXPECT_GE(rate_of(begin, {{begin, 10}, {then, 20}, {begin, 5}, {then, 1}}), 20U)
                << begin << ' ' << then;
}

}  // namespace
}  // namespace packetsentry::flows
