#include "ctl/render/packet_time.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace packetsentry::ctl::render {
namespace {

constexpr std::int64_t kMoment = 1'747'297'801'123'456'789;  // 2025-05-15 08:30:01 UTC

class PacketTimeTest : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("TZ", "XYZ-2", 1);  // two hours east
        ::tzset();
    }
    void TearDown() override {
        ::unsetenv("TZ");
        ::tzset();
    }
};

TEST_F(PacketTimeTest, EveryFormat) {
    struct Case {
        TimeFormat format;
        const char* text;
    };
    const Case cases[] = {
        {TimeFormat::fixed, "2025-05-15 10:30:01"},
        {TimeFormat::rfc3339, "2025-05-15T08:30:01.123456789Z"},
        {TimeFormat::wireshark, "May 15, 2025 10:30:01.123456789 XYZ"},
        {TimeFormat::a, "10:30:01.123456789"},
        {TimeFormat::ad, "2025-05-15 10:30:01.123456789"},
        {TimeFormat::adoy, "2025/135 10:30:01.123456789"},
        {TimeFormat::u, "08:30:01.123456789"},
        {TimeFormat::ud, "2025-05-15 08:30:01.123456789"},
        {TimeFormat::udoy, "2025/135 08:30:01.123456789"},
        {TimeFormat::e, "1747297801.123456789"},
        {TimeFormat::r, "0.000000000"},
        {TimeFormat::d, "0.000000000"},
        {TimeFormat::dd, "0.000000000"},
    };
    for (const Case& one : cases) {
        PacketTime time(one.format);
        EXPECT_EQ(time.text(kMoment), one.text);
        EXPECT_EQ(PacketTime(one.format).text(kMoment), one.text);
    }
}

TEST_F(PacketTimeTest, RelativeTimes) {
    PacketTime relative(TimeFormat::r);
    PacketTime delta(TimeFormat::d);
    for (const std::int64_t offset : {0LL, 1'500'000'000LL, 1'250'000'000LL, -2LL}) {
        const std::string since_first(relative.text(kMoment + offset));
        const std::string since_last(delta.text(kMoment + offset));
        if (offset == 1'500'000'000) {
            EXPECT_EQ(since_first, "1.500000000");
            EXPECT_EQ(since_last, "1.500000000");
        }
        if (offset == 1'250'000'000) {
            EXPECT_EQ(since_first, "1.250000000");
            EXPECT_EQ(since_last, "-0.250000000");
        }
        if (offset == -2) {
            EXPECT_EQ(since_first, "-0.000000002");
        }
    }
}

TEST_F(PacketTimeTest, SecondsAreKeptApart) {
    PacketTime time(TimeFormat::fixed);
    EXPECT_EQ(time.text(kMoment), "2025-05-15 10:30:01");
    EXPECT_EQ(time.text(kMoment + 876'543'210), "2025-05-15 10:30:01");
    EXPECT_EQ(time.text(kMoment + 876'543'211), "2025-05-15 10:30:02");
    EXPECT_EQ(time.text(kMoment), "2025-05-15 10:30:01");
}

TEST_F(PacketTimeTest, BeforeTheEpochAndAtTheEnds) {
    EXPECT_EQ(PacketTime(TimeFormat::ud).text(-1), "1969-12-31 23:59:59.999999999");
    EXPECT_EQ(PacketTime(TimeFormat::ud).text(INT64_MIN), "1677-09-21 00:12:43.145224192");
    EXPECT_EQ(PacketTime(TimeFormat::ud).text(INT64_MAX), "2262-04-11 23:47:16.854775807");
    EXPECT_EQ(PacketTime(TimeFormat::e).text(INT64_MIN), "-9223372036.854775808");
    PacketTime delta(TimeFormat::d);
    (void)delta.text(INT64_MAX);
    EXPECT_EQ(delta.text(INT64_MIN), "0.000000001");  // wraps, and does not trap
}

TEST_F(PacketTimeTest, NoTime) {
    EXPECT_EQ(PacketTime(TimeFormat::fixed).missing(), "0000-00-00 00:00:00");
    EXPECT_EQ(PacketTime(TimeFormat::ad).missing(), "-");
}

void set_zone(const char* zone) {
    ::setenv("TZ", zone, 1);
    ::tzset();
}

// 2025-10-26 in Central Europe: at 01:00 UTC the clocks go back from 03:00 to 02:00.
TEST_F(PacketTimeTest, TheRepeatedHourTellsItsOffset) {
    set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
    constexpr std::int64_t kMidnight = 1'761'436'800;
    struct Case {
        std::int64_t second;
        const char* text;
    };
    PacketTime time(TimeFormat::fixed);
    for (const Case& one : {
             Case{kMidnight - 1, "2025-10-26 01:59:59"},
             Case{kMidnight, "2025-10-26 02:00:00+0200"},
             Case{kMidnight + 3599, "2025-10-26 02:59:59+0200"},
             Case{kMidnight + 3600, "2025-10-26 02:00:00+0100"},
             Case{kMidnight + 7199, "2025-10-26 02:59:59+0100"},
             Case{kMidnight + 7200, "2025-10-26 03:00:00"},
             Case{kMidnight + 1800, "2025-10-26 02:30:00+0200"},   // and backwards again
             Case{kMidnight - 86400 * 30, "2025-09-26 02:00:00"},  // a quiet day, then the hour once more
             Case{kMidnight + 5400, "2025-10-26 02:30:00+0100"},
             Case{1'743'296'399, "2025-03-30 01:59:59"},  // in spring no hour is shown twice
             Case{1'743'296'400, "2025-03-30 03:00:00"},
         })
        EXPECT_EQ(time.text(one.second * 1'000'000'000), one.text);
}

TEST_F(PacketTimeTest, TheRepeatedHourInEveryFormat) {
    set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
    constexpr std::int64_t kHalfPastTwo = 1'761'442'200'123'456'789;
    EXPECT_EQ(PacketTime(TimeFormat::a).text(kHalfPastTwo), "02:30:00.123456789+0100");
    EXPECT_EQ(PacketTime(TimeFormat::ad).text(kHalfPastTwo), "2025-10-26 02:30:00.123456789+0100");
    EXPECT_EQ(PacketTime(TimeFormat::adoy).text(kHalfPastTwo), "2025/299 02:30:00.123456789+0100");
    EXPECT_EQ(PacketTime(TimeFormat::ud).text(kHalfPastTwo), "2025-10-26 01:30:00.123456789");
    EXPECT_EQ(PacketTime(TimeFormat::rfc3339).text(kHalfPastTwo), "2025-10-26T01:30:00.123456789Z");
    EXPECT_EQ(fixed_time(kHalfPastTwo), "2025-10-26 02:30:00+0100");
}

// On Lord Howe Island it is half an hour.
TEST_F(PacketTimeTest, ARepeatedHalfHour) {
    set_zone("LHST-10:30LHDT-11,M10.1.0,M4.1.0");
    PacketTime time(TimeFormat::fixed);
    EXPECT_EQ(time.text(1'743'862'500'000'000'000), "2025-04-06 01:15:00");
    EXPECT_EQ(time.text(1'743'864'300'000'000'000), "2025-04-06 01:45:00+1100");
    EXPECT_EQ(time.text(1'743'866'100'000'000'000), "2025-04-06 01:45:00+1030");
    EXPECT_EQ(time.text(1'743'867'900'000'000'000), "2025-04-06 02:15:00");
}

TEST_F(PacketTimeTest, Names) {
    EXPECT_EQ(time_format("udoy"), TimeFormat::udoy);
    EXPECT_EQ(time_format("fixed"), std::nullopt);
    EXPECT_EQ(time_format_names(), "a, ad, adoy, d, dd, e, r, u, ud, udoy");
    EXPECT_EQ(fixed_time(kMoment), "2025-05-15 10:30:01");
}

}  // namespace
}  // namespace packetsentry::ctl::render
