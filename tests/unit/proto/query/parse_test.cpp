#include <gtest/gtest.h>

#include <string>

#include "proto/query/expression.h"
#include "proto/query/query.h"

namespace packetsentry::query {
namespace {

// The expression as it was read, or what is wrong with it, with the text of its place.
std::string read(std::string_view text) {
    const auto expression = parse(text);
    if (expression) return explain(*expression).text;
    const Problem& problem = expression.error();
    return "offset " + std::to_string(problem.place.offset) + ": " + problem.message;
}

struct ParseCase {
    std::string_view text;
    std::string_view read;
};

TEST(Parse, BracketsWhatBindsCloser) {
    for (const ParseCase& c : {
             ParseCase{"tcp", "tcp"},
             ParseCase{"tcp or udp and dns", "tcp or (udp and dns)"},
             ParseCase{"tcp and udp or dns", "(tcp and udp) or dns"},
             ParseCase{"tcp or udp xor dns", "tcp or (udp xor dns)"},
             ParseCase{"tcp xor udp and dns", "tcp xor (udp and dns)"},
             ParseCase{"not tcp and udp", "not tcp and udp"},
             ParseCase{"not (tcp and udp)", "not (tcp and udp)"},
             ParseCase{"!tcp.port == 80", "not tcp.port == 80"},
             ParseCase{"!!tcp", "not not tcp"},
             ParseCase{"tcp and udp and dns", "tcp and udp and dns"},
             ParseCase{"tcp and (udp and dns)", "tcp and (udp and dns)"},
             ParseCase{"((tcp))", "tcp"},
             ParseCase{"tcp&&udp||!dns", "(tcp and udp) or not dns"},
             ParseCase{"tcp ^^ udp", "tcp xor udp"},
             ParseCase{"", ""},
             ParseCase{" \t\n", ""},
         })
        EXPECT_EQ(read(c.text), c.read) << c.text;
}

TEST(Parse, ReadsEveryOperator) {
    for (const ParseCase& c : {
             ParseCase{"tcp.port==80", "tcp.port == 80"},
             ParseCase{"tcp.port eq 80", "tcp.port == 80"},
             ParseCase{"tcp.port any_eq 80", "tcp.port == 80"},
             ParseCase{"tcp.port ne 80", "tcp.port != 80"},
             ParseCase{"tcp.port all_ne 80", "tcp.port != 80"},
             ParseCase{"tcp.port ~= 80", "tcp.port !== 80"},
             ParseCase{"tcp.port === 80", "tcp.port === 80"},
             ParseCase{"frame.len lt 80", "network.bytes < 80"},
             ParseCase{"frame.len le 80", "network.bytes <= 80"},
             ParseCase{"frame.len gt 80", "network.bytes > 80"},
             ParseCase{"frame.len ge 0x50", "network.bytes >= 80"},
             ParseCase{"frame.len == 0120", "network.bytes == 80"},
             ParseCase{"all tcp.port > 80", "all tcp.port > 80"},
             ParseCase{"any tcp.port != 80", "tcp.port !== 80"},
             ParseCase{"tcp.port in {80, 443 8000..8080}", "tcp.port in {80, 443, 8000..8080}"},
             ParseCase{"tcp.port not in {80}", "not tcp.port in {80}"},
             ParseCase{"dns.qry.name contains \"x\"", "dns.question.name contains \"x\""},
             ParseCase{"dns.qry.name contains x", "dns.question.name contains \"x\""},
             ParseCase{"dns.qry.name matches \"^a\\.b$\"", "dns.question.name matches \"^a\\\\.b$\""},
             ParseCase{"dns.qry.name ~ r\"\\.b\"", "dns.question.name matches \"\\\\.b\""},
             ParseCase{"tcp.flags & 0x02", "packetsentry.tcp.flag_bits & 2"},
             ParseCase{"tcp.flags & 0x12 == 2", "packetsentry.tcp.flag_bits & 18 == \"SYN\""},
             ParseCase{"tcp.flags.syn == 1", "tcp.flags.syn == 1"},
             ParseCase{"tcp.flags.syn == True", "tcp.flags.syn == 1"},
         })
        EXPECT_EQ(read(c.text), c.read) << c.text;
}

TEST(Parse, ReadsEveryKindOfValue) {
    for (const ParseCase& c : {
             ParseCase{"ip.src == 10.0.0.1", "ip.src == 10.0.0.1"},
             ParseCase{"ip.addr == 10.1.2.3/8", "ip.addr == 10.0.0.0/8"},
             ParseCase{"ip.addr in {10.0.0.1..10.0.0.9, 192.168.0.0/16}",
                       "ip.addr in {10.0.0.1..10.0.0.9, 192.168.0.0/16}"},
             ParseCase{"ipv6.dst == 2001:DB8::/32", "ipv6.dst == 2001:db8::/32"},
             ParseCase{"ipv6.dst == ::1", "ipv6.dst == ::1"},
             ParseCase{"eth.src == 00:1a:2B:33:44:55", "eth.src == 00-1A-2B-33-44-55"},
             ParseCase{"eth.src == 00-1a-2b-33-44-55", "eth.src == 00-1A-2B-33-44-55"},
             ParseCase{"eth.src == 001a.2b33.4455", "eth.src == 00-1A-2B-33-44-55"},
             ParseCase{"frame.time >= \"2026-11-29T03:00:00Z\"",
                       "@timestamp >= \"2026-11-29T03:00:00.000000000Z\""},
             ParseCase{"frame.time < \"2026-11-29 03:00:00.5+01:00\"",
                       "@timestamp < \"2026-11-29T02:00:00.500000000Z\""},
             ParseCase{"@timestamp > 1.25", "@timestamp > \"1970-01-01T00:00:01.250000000Z\""},
             ParseCase{"dns.qry.type == 28", "dns.question.type == \"AAAA\""},
             ParseCase{"dns.qry.type == aaaa", "dns.question.type == \"AAAA\""},
             ParseCase{"dns.qry.type == \"TYPE1234\"", "dns.question.type == \"TYPE1234\""},
             ParseCase{"dns.flags.rcode != NXDOMAIN", "dns.response_code != \"NXDOMAIN\""},
             ParseCase{"dns.flags.response == 0", "dns.type == \"query\""},
             ParseCase{"http.host == \"a\\\"\\\\\\x41\\101\\u00e9\\t\"",
                       "url.domain == \"a\\\"\\\\AA\xC3\xA9\\x09\""},
             ParseCase{"quic.version == 2", "packetsentry.quic.version == \"2\""},
             ParseCase{"quic.version == 0x6b3343cf", "packetsentry.quic.version == \"2\""},
             ParseCase{"ssl.handshake.type == 1", "tls.handshake.type == \"Client Hello\""},
         })
        EXPECT_EQ(read(c.text), c.read) << c.text;
}

// What explain() tells is the same expression.
TEST(Parse, ReadsItsOwnExplanation) {
    for (const std::string_view text :
         {"tcp or udp and !(dns xor http)", "all tcp.port != 80 and any tcp.port != 1",
          "tcp.flags & 0x12 === 2", "ip.addr in {10.0.0.1..10.0.0.9 192.168.0.0/16}",
          "frame.time < 5 or frame.time == \"2026-11-29T03:00:00Z\"",
          "dns.qry.name matches \"\\.\\x00\xff\\\\\"", "http.host == \"\\\"\"",
          "tls.record.content_type in {20..22}", "dns.qry.type in {1..28, TYPE999}", "not not tcp",
          "quic.version == \"Q043\" or quic.version == 1"}) {
        const std::string once = read(text);
        EXPECT_FALSE(once.starts_with("offset")) << text << ": " << once;
        EXPECT_EQ(read(once), once) << text;
    }
}

TEST(Parse, LocalTimesAreThoseOfTheProcess) {
    ::setenv("TZ", "XXX-2", 1);  // two hours east of UTC
    ::tzset();
    EXPECT_EQ(read("frame.time >= \"2026-11-29 03:00:00\""),
              "@timestamp >= \"2026-11-29T01:00:00.000000000Z\"");
    EXPECT_EQ(read("frame.time >= \"2026-11-29\""), "@timestamp >= \"2026-11-28T22:00:00.000000000Z\"");
    EXPECT_EQ(read("frame.time >= \"Nov 29, 2026 03:00:00\""),
              "@timestamp >= \"2026-11-29T01:00:00.000000000Z\"");
    ::unsetenv("TZ");
    ::tzset();
}

TEST(Explain, TellsEachFieldOnce) {
    const auto expression = parse("ip.src == 10.0.0.1 and http and ip.src != 10.0.0.2");
    ASSERT_TRUE(expression);
    const Explanation told = explain(*expression);
    ASSERT_EQ(told.fields.size(), 2U);
    EXPECT_EQ(told.fields[0].name, "ip.src");
    EXPECT_EQ(told.fields[0].kind, "address");
    ASSERT_EQ(told.fields[0].paths.size(), 2U);
    EXPECT_EQ(told.fields[0].paths[0], "packetsentry.inner.source.ip");
    EXPECT_EQ(told.fields[0].paths[1], "source.ip");
    EXPECT_TRUE(told.fields[0].meaning.contains("; ")) << told.fields[0].meaning;
    EXPECT_EQ(told.fields[1].kind, "protocol");
}

TEST(Names, AreAllKnownToTheParser) {
    EXPECT_GT(all_names().size(), 150U);
    for (const std::string_view name : all_names()) {
        const auto expression = parse(name);
        EXPECT_TRUE(expression) << name << ": " << expression.error().message;
    }
}

}  // namespace
}  // namespace packetsentry::query
