#include "ctl/options/display_filter.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

TEST(DisplayFilter, StaysAsItWasTyped) {
    for (const char* const text : {"", "dns", "dns.qry.name contains \"a\"", "ip.addr==192.0.2.0/24&&!arp"})
        EXPECT_EQ(make_display_filter(text).value(), text);
}

// The worker that reads it has no time zone.
TEST(DisplayFilter, TimesAreHandedOnInUtc) {
    ::setenv("TZ", "EST5", 1);
    ::tzset();
    EXPECT_EQ(make_display_filter("frame.time > \"2026-11-30 03:00\"").value(),
              "@timestamp > \"2026-11-30T08:00:00.000000000Z\"");
    ::unsetenv("TZ");
    ::tzset();
}

TEST(DisplayFilter, AMistakeIsToldWithItsPlace) {
    struct Case {
        std::string text;
        std::string message;
        std::string picture;
    };
    const Case cases[] = {
        {"ip.src == 192.0.2.7 and dns.qry.nam", "-Y, at character 25: there is no field",
         "  ip.src == 192.0.2.7 and dns.qry.nam\n"
         "                          ^~~~~~~~~~~"},
        {"ip.src ==", "-Y, at the end: ",
         "  ip.src ==\n"
         "           ^"},
        // Letters of several bytes are one column, and control bytes four.
        {"dns.qry.name == \"\xc3\xa4\" and nothing", "-Y, at character 25: ",
         "  dns.qry.name == \"\xc3\xa4\" and nothing\n"
         "                          ^~~~~~~"},
        // A long text is shown around the place.
        {std::string(300, ' ') + "nothing" + std::string(300, ' '), "-Y, at character 301: ",
         "  ..." + std::string(40, ' ') + "nothing" + std::string(53, ' ') + "...\n" + std::string(45, ' ') +
             "^~~~~~~"},
    };
    for (const Case& one : cases) {
        const auto made = make_display_filter(one.text);
        ASSERT_FALSE(made) << one.text;
        EXPECT_EQ(made.error().code, ErrorCode::filter);
        EXPECT_TRUE(made.error().message.starts_with(one.message)) << made.error().message;
        EXPECT_EQ(made.error().picture, one.picture);
    }
}

TEST(DisplayFilter, HostileTextsAreRefusedInOneLine) {
    const std::string texts[] = {
        std::string(5000, 'x'),
        std::string(10'000, '('),
        "dns.qry.name == \"\xff\"",
        std::string("dns\0and", 7),
        "dns\x1b[31m",
        "dns.qry.name matches \"(a+)+{1000}{1000}\"",
        "\xe2\x80\xae"
        "dns",
    };
    for (const std::string& text : texts) {
        const auto made = make_display_filter(text);
        ASSERT_FALSE(made) << text;
        EXPECT_EQ(made.error().code, ErrorCode::filter);
        EXPECT_LT(made.error().message.size(), 400U);
        EXPECT_EQ(made.error().message.find_first_of("\n\x1b"), std::string::npos);
        EXPECT_LT(made.error().picture.size(), 1000U);
        EXPECT_EQ(made.error().picture.find('\x1b'), std::string::npos);
    }
}

TEST(DisplayFilter, ASetMayBeLarge) {
    std::string text = "tcp.port in {";
    for (int port = 1; text.size() < 4000; ++port) text += std::to_string(port) + " ";
    text.back() = '}';
    const auto compiled = compile_display_filter(text);
    ASSERT_TRUE(compiled) << compiled.error().message;
    EXPECT_TRUE(*compiled);
    EXPECT_FALSE(*compile_display_filter(""));
}

TEST(DisplayFilter, KnowsWhoAsksForTcpAnalysis) {
    EXPECT_TRUE(asks_tcp_analysis("tcp.port == 80 and tcp.analysis.retransmission"));
    EXPECT_TRUE(asks_tcp_analysis("packetsentry.tcp.zero_window == true"));
    EXPECT_FALSE(asks_tcp_analysis("tcp.flags.syn == 1"));
    EXPECT_FALSE(asks_tcp_analysis(""));
    EXPECT_FALSE(asks_tcp_analysis("tcp.analysis."));
}

}  // namespace
}  // namespace packetsentry::ctl
