#include "daemon/jobs/rate.h"

#include <gtest/gtest.h>

namespace packetsentry::jobs {
namespace {

using namespace std::chrono_literals;

const Rate::Time kStart{1000s};

TEST(Rate, IsZeroBeforeTwoSamples) {
    Rate rate;
    EXPECT_EQ(rate.packets_per_second(kStart), 0);
    rate.sample(kStart, 100, 1000);
    EXPECT_EQ(rate.packets_per_second(kStart + 1s), 0);
}

TEST(Rate, IsTheMeanOfTheLastSeconds) {
    Rate rate;
    for (int second = 0; second <= 20; ++second) {
        const auto total =
            static_cast<std::uint64_t>(second < 10 ? second * 1000 : 10'000 + (second - 10) * 20);
        rate.sample(kStart + std::chrono::seconds(second), total, total * 100);
    }
    EXPECT_NEAR(rate.packets_per_second(kStart + 20s), 20, 0.5);
    EXPECT_NEAR(rate.bytes_per_second(kStart + 20s), 2000, 50);
}

TEST(Rate, FallsWhenNothingComes) {
    Rate rate;
    rate.sample(kStart, 0, 0);
    rate.sample(kStart + 1s, 100, 100);
    EXPECT_EQ(rate.packets_per_second(kStart + 1s), 100);
    EXPECT_EQ(rate.packets_per_second(kStart + 4s), 25);
    EXPECT_EQ(rate.packets_per_second(kStart + 7s), 0);
}

TEST(Rate, ManySamplesAreOne) {
    Rate rate;
    for (int i = 0; i <= 100'000; ++i)
        rate.sample(kStart + i * 10us, static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(i) * 60);
    EXPECT_NEAR(rate.packets_per_second(kStart + 1s), 100'000, 1);
}

}  // namespace
}  // namespace packetsentry::jobs
