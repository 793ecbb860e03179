#include "ctl/options/past_time.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <string>

#include "proto/query/literals.h"

namespace packetsentry::ctl {
namespace {

struct PastTimeCase {
    const char* text;
    const char* moment;  // as query::time_text() writes it, without its zeros; empty: refused
};

// "2025-05-14T10:30:00Z", with a fraction only where there is one.
std::string moment_text(std::int64_t nanoseconds) {
    std::string text = query::time_text(nanoseconds);
    const std::string zeros = ".000000000Z";
    if (text.ends_with(zeros)) text.replace(text.size() - zeros.size(), zeros.size(), "Z");
    return text;
}

class PastTimeTest : public testing::Test {
  protected:
    // Clocks are put forward on 2025-03-30 at 01:00 UTC, and back on 2025-10-26 at 01:00 UTC.
    PastTimeTest() { set("CET-1CEST,M3.5.0,M10.5.0/3"); }
    ~PastTimeTest() override {
        ::unsetenv("TZ");
        ::tzset();
    }
    static void set(const char* zone) {
        ::setenv("TZ", zone, 1);
        ::tzset();
    }
    // now: with its zone. Returns "" if the text is refused.
    static std::string read(const std::string& text, const std::string& now, RangeEnd end = RangeEnd::since) {
        const auto moment = parse_past_time(text, *query::parse_time(now), end);
        return moment ? moment_text(*moment) : "";
    }
};

// On a Wednesday, at 12:30 by the clocks, which are two hours ahead of UTC.
constexpr const char* kNow = "2025-05-14T10:30:00.5Z";

TEST_F(PastTimeTest, EveryForm) {
    const PastTimeCase cases[] = {
        {"now", "2025-05-14T10:30:00.500000000Z"},
        // before now
        {"10m ago", "2025-05-14T10:20:00.500000000Z"},
        {"10m", "2025-05-14T10:20:00.500000000Z"},
        {"500ms ago", "2025-05-14T10:30:00Z"},
        {"3h", "2025-05-14T07:30:00.500000000Z"},
        {"2d ago", "2025-05-12T10:30:00.500000000Z"},
        {"1d12h ago", "2025-05-12T22:30:00.500000000Z"},
        {"0s", "2025-05-14T10:30:00.500000000Z"},
        // days
        {"today", "2025-05-13T22:00:00Z"},
        {"today 07:30", "2025-05-14T05:30:00Z"},
        {"today 23:00", "2025-05-14T21:00:00Z"},
        {"yesterday", "2025-05-12T22:00:00Z"},
        {"yesterday 03:00", "2025-05-13T01:00:00Z"},
        {"Yesterday 03:00:01.25", "2025-05-13T01:00:01.250000000Z"},
        // the last time that clocks showed this
        {"03:00", "2025-05-14T01:00:00Z"},
        {"12:30", "2025-05-14T10:30:00Z"},
        {"12:30:00.6", "2025-05-13T10:30:00.600000000Z"},
        {"12:31", "2025-05-13T10:31:00Z"},
        {"00:00", "2025-05-13T22:00:00Z"},
        {"23:59:59", "2025-05-13T21:59:59Z"},
        // days of the week
        {"wednesday", "2025-05-13T22:00:00Z"},
        {"wed 07:30", "2025-05-14T05:30:00Z"},
        {"wed 15:00", "2025-05-07T13:00:00Z"},
        {"Tuesday", "2025-05-12T22:00:00Z"},
        {"tue 15:00", "2025-05-13T13:00:00Z"},
        {"mon", "2025-05-11T22:00:00Z"},
        {"SUN 01:00", "2025-05-10T23:00:00Z"},
        {"saturday", "2025-05-09T22:00:00Z"},
        {"friday", "2025-05-08T22:00:00Z"},
        {"thu", "2025-05-07T22:00:00Z"},
        // dates
        {"2025-05-15T03:00:00Z", "2025-05-15T03:00:00Z"},
        {"2025-05-15T03:00:00.123456789Z", "2025-05-15T03:00:00.123456789Z"},
        {"2025-05-15T03:00:00-04:00", "2025-05-15T07:00:00Z"},
        {"2025-05-15T03:00:00", "2025-05-15T01:00:00Z"},
        {"2025-05-15 03:00", "2025-05-15T01:00:00Z"},
        {"2025-05-15 03:00:30", "2025-05-15T01:00:30Z"},
        {"2025-01-15 03:00", "2025-01-15T02:00:00Z"},
        {"2025-05-15", "2025-05-14T22:00:00Z"},
        {"May 15, 2025 03:00:00", "2025-05-15T01:00:00Z"},
        // seconds since 1970
        {"@0", "1970-01-01T00:00:00Z"},
        {"@1747278000.5", "2025-05-15T03:00:00.500000000Z"},
    };
    for (const PastTimeCase& one : cases) EXPECT_EQ(read(one.text, kNow), one.moment) << one.text;
}

constexpr const char* kNoTimes[] = {"",
                                    " ",
                                    "ago",
                                    " ago",
                                    "10 ago",
                                    "10",
                                    "1747278000",
                                    "10m  ago",
                                    "10 m ago",
                                    "-10m",
                                    "1.5h",
                                    "tomorrow",
                                    "noon",
                                    "yesterday ",
                                    "yesterday  03:00",
                                    "yesterday 3:00",
                                    "yesterday 03:00Z",
                                    "yesterday 25:00",
                                    "yesterdays",
                                    "m",
                                    "mond",
                                    "monday 24:00",
                                    "03",
                                    "3:00",
                                    "03:60",
                                    "03:00Z",
                                    " 03:00",
                                    "2025-05-32",
                                    "2025-02-29",
                                    "2025-5-1",
                                    "20250515",
                                    "2025-05-15 3:00",
                                    "2025-05-15T",
                                    "1969-12-31",
                                    "1970-01-01",
                                    "2262-01-01",
                                    "@",
                                    "@-1",
                                    "@x",
                                    "@2025-05-15",
                                    "@9999999999999",
                                    "400000d",
                                    "106751d ago",
                                    "NOW"};

TEST_F(PastTimeTest, WhatIsNoTimeIsRefused) {
    for (const char* text : kNoTimes) EXPECT_EQ(read(text, kNow), "") << text;
    EXPECT_EQ(read(std::string("03:00\0", 6), kNow), "");
    EXPECT_EQ(read(std::string(100'000, '9'), kNow), "");
}

TEST_F(PastTimeTest, TheErrorSaysWhichFormsThereAre) {
    const auto moment = parse_past_time(std::string(100, 'x'), 0, RangeEnd::since);
    ASSERT_FALSE(moment);
    EXPECT_EQ(moment.error().code, base::ErrorCode::usage);
    EXPECT_EQ(moment.error().message,
              "'" + std::string(64, 'x') +
                  "' is not a time: write 10m ago, 3h, 03:00, today 07:30, yesterday, monday 03:00, "
                  "2025-05-15, \"2025-05-15 03:00\", 2025-05-15T03:00:00Z, @1747278000 or now");
}

TEST_F(PastTimeTest, AnHourThatComesTwiceMakesTheRangeWider) {
    const std::string now = "2025-10-26T12:00:00Z";
    for (const char* text : {"02:30", "today 02:30", "sunday 02:30", "2025-10-26 02:30"}) {
        EXPECT_EQ(read(text, now, RangeEnd::since), "2025-10-26T00:30:00Z") << text;
        EXPECT_EQ(read(text, now, RangeEnd::until), "2025-10-26T01:30:00Z") << text;
    }
    // Between the two, only the first one is past.
    EXPECT_EQ(read("02:30", "2025-10-26T01:10:00Z", RangeEnd::since), "2025-10-26T00:30:00Z");
    EXPECT_EQ(read("02:30", "2025-10-26T01:10:00Z", RangeEnd::until), "2025-10-26T00:30:00Z");
    EXPECT_EQ(read("02:30", "2025-10-26T00:10:00Z", RangeEnd::until), "2025-10-25T00:30:00Z");
    for (const RangeEnd end : {RangeEnd::since, RangeEnd::until}) {
        EXPECT_EQ(read("01:30", now, end), "2025-10-25T23:30:00Z");
        EXPECT_EQ(read("03:00", now, end), "2025-10-26T02:00:00Z");
        EXPECT_EQ(read("2025-10-26T02:30:00+01:00", now, end), "2025-10-26T01:30:00Z");
        // 25 hours before the same clock today.
        EXPECT_EQ(read("yesterday 12:00", now, end), "2025-10-25T10:00:00Z");
        EXPECT_EQ(read("1d ago", now, end), "2025-10-25T12:00:00Z");
    }
}

TEST_F(PastTimeTest, AnHourThatIsSkippedIsTakenAsIfItWasNot) {
    const std::string now = "2025-03-30T12:00:00Z";
    for (const RangeEnd end : {RangeEnd::since, RangeEnd::until}) {
        EXPECT_EQ(read("02:30", now, end), "2025-03-30T01:30:00Z");
        EXPECT_EQ(read("2025-03-30 02:00", now, end), "2025-03-30T01:00:00Z");
        EXPECT_EQ(read("01:59:59", now, end), "2025-03-30T00:59:59Z");
        EXPECT_EQ(read("03:00", now, end), "2025-03-30T01:00:00Z");
        EXPECT_EQ(read("today", now, end), "2025-03-29T23:00:00Z");
    }
}

TEST_F(PastTimeTest, TodayIsWhatTheClocksShow) {
    set("XXX-14");  // fourteen hours east: it is Thursday already
    EXPECT_EQ(read("today", kNow), "2025-05-14T10:00:00Z");
    EXPECT_EQ(read("thursday", kNow), "2025-05-14T10:00:00Z");
    set("XXX11");
    EXPECT_EQ(read("today", kNow), "2025-05-13T11:00:00Z");
    EXPECT_EQ(read("thursday", kNow), "2025-05-08T11:00:00Z");
}

}  // namespace
}  // namespace packetsentry::ctl
