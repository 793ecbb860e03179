#include "daemon/base/local_time.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace packetsentry::base {
namespace {

// 02:00 becomes 03:00 on 2025-03-30 at 01:00 UTC, and 03:00 becomes 02:00 on 2025-10-26 at 01:00 UTC.
constexpr const char* kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";

constexpr std::int64_t kMidnightInMarch = 1'743'292'800;  // 2025-03-30 00:00, as clocks show it
constexpr std::int64_t kMidnightInOctober = 1'761'436'800;
constexpr std::int64_t kHour = 3600;

class LocalTime : public testing::Test {
  protected:
    LocalTime() { set(kBerlin); }
    ~LocalTime() override {
        ::unsetenv("TZ");
        ::tzset();
    }
    static void set(const char* zone) {
        ::setenv("TZ", zone, 1);
        ::tzset();
    }
};

TEST_F(LocalTime, WhatTheClocksShowOnceIsOneMoment) {
    for (const Repeated which : {Repeated::first, Repeated::second}) {
        EXPECT_EQ(from_local(kMidnightInMarch, which), kMidnightInMarch - kHour);
        EXPECT_EQ(from_local(kMidnightInMarch + 2 * kHour - 1, which), kMidnightInMarch + kHour - 1);
        EXPECT_EQ(from_local(kMidnightInMarch + 3 * kHour, which), kMidnightInMarch + kHour);
        EXPECT_EQ(from_local(kMidnightInMarch + 12 * kHour, which), kMidnightInMarch + 10 * kHour);
        EXPECT_EQ(from_local(kMidnightInOctober, which), kMidnightInOctober - 2 * kHour);
        EXPECT_EQ(from_local(kMidnightInOctober + 12 * kHour, which), kMidnightInOctober + 11 * kHour);
    }
}

TEST_F(LocalTime, WhatTheClocksShowTwiceIsTheOneThatIsAskedFor) {
    const std::int64_t half_past_two = kMidnightInOctober + 2 * kHour + kHour / 2;
    EXPECT_EQ(from_local(half_past_two, Repeated::first), half_past_two - 2 * kHour);
    EXPECT_EQ(from_local(half_past_two, Repeated::second), half_past_two - kHour);
    EXPECT_EQ(from_local(kMidnightInOctober + 3 * kHour, Repeated::first), kMidnightInOctober + 2 * kHour);
}

TEST_F(LocalTime, WhatTheClocksSkipIsTakenAsIfTheyDidNot) {
    const std::int64_t half_past_two = kMidnightInMarch + 2 * kHour + kHour / 2;
    for (const Repeated which : {Repeated::first, Repeated::second}) {
        EXPECT_EQ(from_local(half_past_two, which), half_past_two - kHour);
        EXPECT_EQ(to_local(from_local(half_past_two, which)), half_past_two + kHour);
    }
}

TEST_F(LocalTime, ZonesFarFromUtc) {
    for (const char* zone : {"XXX-14", "XXX12", "UTC", "XXX-5:45"}) {
        set(zone);
        for (const std::int64_t moment : {std::int64_t{0}, kMidnightInMarch, kMidnightInOctober + 1})
            EXPECT_EQ(from_local(to_local(moment), Repeated::first), moment) << zone;
    }
}

}  // namespace
}  // namespace packetsentry::base
