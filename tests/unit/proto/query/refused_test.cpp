// What is refused, with the place and what to write instead.
#include <gtest/gtest.h>

#include <string>

#include "proto/query/query.h"

namespace packetsentry::query {
namespace {

struct Refused {
    std::string text;
    std::string_view place;    // the part of the text that the message is about
    std::string_view message;  // a part of the message
};

void expect_refused(const Refused& c) {
    const auto expression = parse(c.text);
    ASSERT_FALSE(expression) << c.text << ": " << explain(*expression).text;
    const Problem& problem = expression.error();
    ASSERT_LE(problem.place.offset, c.text.size()) << c.text;
    EXPECT_EQ(c.text.substr(problem.place.offset, problem.place.length), c.place)
        << c.text << ": " << problem.message;
    EXPECT_TRUE(problem.message.contains(c.message)) << c.text << ": " << problem.message;
}

TEST(Refused, UnknownFieldsWithTheNearestNames) {
    expect_refused({"tcp and dns.qry.nam == x", "dns.qry.nam", "near it is dns.qry.name"});
    expect_refused({"Tcp", "Tcp", "tcp"});
    expect_refused({"http.hots == x", "http.hots", "http.host"});
    expect_refused({"zzzzzzzzzzzz", "zzzzzzzzzzzz", "'packetsentryctl fields'"});
    expect_refused(
        {"packetsentry.summary contains x", "packetsentry.summary", "composed when a row is shown"});
}

TEST(Refused, WrongTypesWithBoth) {
    expect_refused({"tcp.port == abc", "abc", "tcp.port is a number, and \"abc\" is a text"});
    expect_refused({"tcp.port == 10.0.0.1", "10.0.0.1", "is an IPv4 address"});
    expect_refused({"frame.len > 99999999999999999999", "99999999999999999999",
                    "frame.len is a number, and \"99999999999999999999\" is larger than any number can be"});
    expect_refused({"ip.src == 192.0.2.0/33", "192.0.2.0/33",
                    "\"192.0.2.0/33\" is not one: a prefix of an IPv4 address has at most 32 bits"});
    expect_refused({"ip.src == 80", "80", "ip.src is an address, and \"80\" is a number"});
    expect_refused({"ip.src == ::1", "::1", "ipv6.*"});
    expect_refused({"ipv6.src == 10.0.0.1", "10.0.0.1", "ip.*"});
    expect_refused({"ip.src == 00:00:00:00:00:01", "00:00:00:00:00:01", "is a MAC address"});
    expect_refused({"eth.src == 10.0.0.1", "10.0.0.1", "is a MAC address"});
    expect_refused({"source.ip == 00:00:00:00:00:01", "00:00:00:00:00:01", "source.ip is an IP address"});
    expect_refused({"ip.src == example.com", "example.com", "names are not looked up"});
    expect_refused({"ip.src == 10.0.0.0/33", "10.0.0.0/33", "ip.src is an address"});
    expect_refused({"tcp.port contains \"8\"", "contains", "tcp.port is a number"});
    expect_refused({"ip.src matches \"8\"", "matches", "ip.src is an address"});
    expect_refused({"frame.time > yesterday", "yesterday", "a time is written"});
    expect_refused({"frame.time > \"2026-02-30\"", "\"2026-02-30\"", "a time is written"});
    expect_refused({"dns.qry.type == AAA", "AAA", "near it is \"AAAA\""});
    expect_refused({"ip.proto == TCPP", "TCPP", "is no value of ip.proto; near it is \"TCP\""});
    expect_refused({"tcp.port == 18446744073709551616", "18446744073709551616", "tcp.port is a number"});
    expect_refused({"http == 1", "==", "\"http\" is a protocol"});
    expect_refused({"ip.src & 1", "&", "has no bits to test"});
    expect_refused({"tcp.flags & 0", "0", "a number other than 0"});
    expect_refused({"tcp.port in {90..80}", "90..80", "this range is empty"});
    expect_refused(
        {"ip.src in {10.0.0.0/8..11.0.0.0}", "10.0.0.0/8..11.0.0.0", "a prefix is a range by itself"});
}

TEST(Refused, WhatTheLanguageDoesNotHave) {
    expect_refused({"eth.src[0:3] == 00:11:22", "[", "slices"});
    expect_refused(
        {"lower(http.host) == \"x\"", "lower(", "functions are not supported; names are compared without"});
    expect_refused({"len(dns.qry.name) > 40", "len(", "matches \"^.{40,}$\""});
    expect_refused({"foo(1)", "foo(", "functions are not supported"});
    expect_refused({"tcp.port == 80 + 1", "+", "arithmetic"});
    expect_refused({"tcp.port + 1 == 80", "+", "arithmetic"});
    expect_refused({"tcp.port > -1", "-", "never below zero"});
    expect_refused({"${macro}", "$", "macros"});
    expect_refused({"tcp.port == $tcp.port", "$", "macros"});
    expect_refused({"ip.addr#2 == 10.0.0.1", "#", "number of a layer"});
    expect_refused({"ip.src == ip.dst", "ip.dst", "two fields cannot be compared"});
    expect_refused({"80 == tcp.port", "80", "begins with its field"});
    expect_refused({"1 <= tcp.port <= 9", "1", "begins with its field"});
    expect_refused({"tcp.port >= 1 <= 9", "<=", "one comparison cannot follow another"});
    expect_refused({"http.host == 'x'", "'", "double quotes"});
    expect_refused({"tcp.port = 80", "=", "write =="});
    expect_refused({"tcp AND udp", "AND", "small letters"});
    expect_refused({"tcp | udp", "|", "write ||"});
}

TEST(Refused, NamesOfWiresharkWithWhatToWriteInstead) {
    expect_refused({"tcp.stream == 1", "tcp.stream", "needs the packets before this one"});
    expect_refused({"tcp.analysis.fast_retransmission", "tcp.analysis.fast_retransmission",
                    "tcp.analysis.retransmission"});
    expect_refused({"tcp.seq == 1", "tcp.seq", "tcp.seq_raw is the number in the header"});
    expect_refused({"frame.time_delta > 1", "frame.time_delta", "needs the packets before this one"});
    expect_refused({"tcp.window_size == 0", "tcp.window_size", "tcp.window_size_value"});
    expect_refused({"gre.key == 42", "gre.key", "packetsentry.nvgre.id"});
    expect_refused({"dns.opt.client.addr4 == 192.0.2.0", "dns.opt.client.addr4",
                    "packetsentry.dns.edns.client_subnet contains \"192.0.2.\""});
    expect_refused({"smb", "smb", "smb is not dissected here; tcp.port == 445 chooses its usual port"});
    expect_refused({"smb2.cmd == 5", "smb2.cmd", "smb2 is not dissected here"});
    expect_refused({"snmp", "snmp", "udp.port in {161, 162} chooses its usual ports"});
    expect_refused({"json", "json", "json is not dissected here; http.content_type contains"});
    expect_refused({"frame contains \"x\"", "contains", "the bytes of a protocol cannot be searched"});
    expect_refused({"tcp matches x", "matches", "ask a field, such as http.request.uri"});
    expect_refused({"tls.handshake.type == Alert", "Alert", "is no value of tls.handshake.type"});
}

TEST(Refused, CaptureFiltersWithTheDisplayFilter) {
    expect_refused({"port 53", "port 53", "tcp.port == 53 or udp.port == 53"});
    expect_refused({"tcp port 80", "tcp port 80", "written tcp.port == 80"});
    expect_refused({"tcp and not dst port 80", "dst port 80", "tcp.dstport == 80 or udp.dstport == 80"});
    expect_refused({"udp portrange 1-9", "udp portrange 1-9", "udp.port in {1..9}"});
    expect_refused({"host 192.0.2.1", "host 192.0.2.1", "ip.addr == 192.0.2.1"});
    expect_refused({"src host 2001:db8::1", "src host 2001:db8::1", "ipv6.src == 2001:db8::1"});
    expect_refused({"dst 10.0.0.1", "dst 10.0.0.1", "ip.dst == 10.0.0.1"});
    expect_refused({"net 10.0.0.0/8", "net 10.0.0.0/8", "ip.addr == 10.0.0.0/8"});
    expect_refused(
        {"ether host 00:11:22:33:44:55", "ether host 00:11:22:33:44:55", "eth.addr == 00:11:22:33:44:55"});
    expect_refused({"host example.com", "host example.com", "names are not looked up"});
    expect_refused({"ip6", "ip6", "written ipv6"});
    expect_refused({"icmp6", "icmp6", "written icmpv6"});
    expect_refused({"greater 100", "greater 100", "frame.len >= 100"});
    expect_refused({"vlan 7", "vlan 7", "vlan.id == 7"});
    expect_refused({"ip proto 47", "ip proto 47", "ip.proto == 47"});
    expect_refused({"tcp[13] & 2 != 0", "tcp", "tcp.flags & 0x02"});
}

TEST(Refused, IncompleteExpressions) {
    expect_refused({"tcp and", "", "a comparison is missing"});
    expect_refused({"and tcp", "and", "missing before \"and\""});
    expect_refused({"tcp.port ==", "", "a value is missing"});
    expect_refused({"tcp.port == )", ")", "a value is missing before \")\""});
    expect_refused({"(tcp", "(", "not closed"});
    expect_refused({"tcp)", ")", "closes nothing"});
    expect_refused({"()", ")", "missing before \")\""});
    expect_refused({"tcp udp", "udp", "\"and\" or \"or\" is missing before \"udp\""});
    expect_refused({"tcp (udp)", "tcp (", "functions are not supported"});
    expect_refused({"tcp.port in 80", "80", "a set in braces"});
    expect_refused({"tcp.port in {}", "{}", "this set is empty"});
    expect_refused({"tcp.port in {80", "{", "this brace is not closed"});
    expect_refused({"tcp.port in {80,}", "}", "a value is missing"});
    expect_refused({"tcp.port in {80..}", "}", "a value is missing"});
    expect_refused({"tcp.port == {80}", "{", "behind \"in\""});
    expect_refused({"\"tcp\"", "\"tcp\"", "behind a field"});
    expect_refused({"not", "", "a comparison is missing"});
    expect_refused({"http.host == \"abc", "\"abc", "no closing double quote"});
    expect_refused({"http.host == \"a\\", "\"a\\", "no closing double quote"});
    expect_refused({"http.host == \"\\xg\"", "\\x", "hexadecimal digits"});
    expect_refused({"http.host == \"\\ud800\"", "\\ud800", "Unicode"});
    expect_refused({"http.host == \"\\U00110000\"", "\\U00110000", "Unicode"});
    expect_refused({"http.host == \"\\q\"", "\\q", "not an escape"});
}

// Messages are one line of printable characters, whatever the text has.
TEST(Refused, HostileTextsInOneLine) {
    std::string addresses = "ip.addr in {";
    for (int i = 0; i < 5000; ++i)
        addresses += "10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256) + ",";
    std::string deep = "tcp";
    for (int i = 0; i < 300; ++i) deep = i % 2 == 0 ? "(" + deep + " and udp)" : "(" + deep + " or udp)";
    std::string chain = "tcp";
    for (int i = 0; i < 400; ++i) chain += " or tcp";
    const std::string texts[] = {
        std::string(10'000, '('),
        std::string(4000, '('),
        std::string(4000, '!'),
        std::string(4000, ')'),
        std::string(4000, 'a'),
        std::string(4000, '"'),
        std::string(4000, '.'),
        std::string(4000, ':'),
        std::string(4000, '\\'),
        std::string(64, '\0'),
        addresses + "10.0.0.1}",
        deep,
        chain,
        "tcp \x1b[31m",
        "\xE2\x80\xAE",  // right-to-left override
        "http.host\xC2\xA0== x",
        "\xff\xfe",
        "http.host == \xC3",
        "tcp\r\n\x01",
        "http.host\xE2\x80\x8B == x",  // zero width space
    };
    for (const std::string& text : texts) {
        const auto expression = parse(text);
        ASSERT_FALSE(expression) << text.substr(0, 40);
        const Problem& problem = expression.error();
        EXPECT_LE(problem.place.offset + problem.place.length, text.size());
        EXPECT_LT(problem.message.size(), 300U) << problem.message;
        for (const char c : problem.message)
            EXPECT_GE(static_cast<unsigned char>(c), 0x20U) << problem.message;
        EXPECT_FALSE(problem.message.contains("\xE2\x80")) << problem.message;
    }
}

TEST(Refused, NothingAtTheLimits) {
    std::string chain = "tcp";
    for (int i = 0; i < 127; ++i) chain += " or tcp";
    EXPECT_TRUE(parse(chain));
    expect_refused({chain + " or tcp", "", "too many comparisons"});
    const std::string open(64, '('), close(64, ')');
    EXPECT_TRUE(parse(open + "tcp" + close));
    expect_refused({"(" + open + "tcp" + close + ")", "(", "more than 64 deep"});
    EXPECT_TRUE(parse(std::string(kTextLimit - 3, ' ') + "tcp"));
    EXPECT_FALSE(parse(std::string(kTextLimit - 2, ' ') + "tcp"));
}

}  // namespace
}  // namespace packetsentry::query
