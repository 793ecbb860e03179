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

TEST_F(PacketTimeTest, Names) {
    EXPECT_EQ(time_format("udoy"), TimeFormat::udoy);
    EXPECT_EQ(time_format("fixed"), std::nullopt);
    EXPECT_EQ(time_format_names(), "a, ad, adoy, d, dd, e, r, u, ud, udoy");
    EXPECT_EQ(fixed_time(kMoment), "2025-05-15 10:30:01");
}

}  // namespace
}  // namespace packetsentry::ctl::render
