#include "daemon/spool/format/index_keys.h"

#include <gtest/gtest.h>

#include "daemon/spool/format/glob.h"

namespace packetsentry::spool {
namespace {

base::Address ip(std::string_view text) {
    return base::parse_ip(text).value();
}

std::string last_of(const base::Address& network, unsigned bits) {
    const std::string last = network_range(network, bits).last;
    return base::to_string(base::Address::from(std::as_bytes(std::span(last))));
}

std::string first_of(const base::Address& network, unsigned bits) {
    const std::string first = network_range(network, bits).first;
    return base::to_string(base::Address::from(std::as_bytes(std::span(first))));
}

TEST(IndexKeys, OfAddressesAreTheirBytes) {
    EXPECT_EQ(key_of(ip("192.168.1.40")), "\xc0\xa8\x01\x28");
    EXPECT_EQ(kind_of(ip("192.168.1.40")), KeyKind::ipv4);
    EXPECT_EQ(kind_of(ip("2001:db8::1")), KeyKind::ipv6);
    EXPECT_EQ(kind_of(base::Address::from(std::array<std::byte, 6>{})), KeyKind::mac);
    EXPECT_EQ(kind_of(base::Address{}), std::nullopt);
}

TEST(IndexKeys, OfANetworkAreARange) {
    EXPECT_EQ(first_of(ip("10.1.2.3"), 8), "10.0.0.0");
    EXPECT_EQ(last_of(ip("10.1.2.3"), 8), "10.255.255.255");
    EXPECT_EQ(first_of(ip("10.1.2.3"), 31), "10.1.2.2");
    EXPECT_EQ(last_of(ip("10.1.2.3"), 31), "10.1.2.3");
    EXPECT_EQ(first_of(ip("10.1.2.3"), 0), "0.0.0.0");
    EXPECT_EQ(last_of(ip("10.1.2.3"), 0), "255.255.255.255");
    EXPECT_EQ(first_of(ip("10.1.2.3"), 99), "10.1.2.3");
    EXPECT_EQ(first_of(ip("2001:db8:abcd::1"), 33), "2001:db8:8000::");
    EXPECT_EQ(last_of(ip("2001:db8:abcd::1"), 33), "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
}

TEST(IndexKeys, OfPortsSortAsNumbers) {
    EXPECT_LT(port_key(53), port_key(443));
    EXPECT_LT(port_key(255), port_key(256));
    EXPECT_LT(port_key(0x7fff), port_key(0x8000));
    EXPECT_EQ(port_key(0x1234), "\x12\x34");
}

TEST(IndexKeys, OfNamesAreReversedAndInLowerCase) {
    EXPECT_EQ(name_key("www.Example.ORG"), "gro.elpmaxe.www");
    EXPECT_EQ(name_key(""), "");
    EXPECT_EQ(name_key("\xc4X"), "x\xc4");
    EXPECT_EQ(protocol_key("DNS"), "dns");
}

TEST(IndexKeys, OfLongNamesKeepTheEndOfTheName) {
    const std::string name = std::string(300, 'a') + ".example.org";
    EXPECT_EQ(name_key(name).size(), kKeyLimit);
    EXPECT_TRUE(name_key(name).starts_with("gro.elpmaxe.aaa"));
    EXPECT_EQ(protocol_key(std::string(300, 'a')).size(), kKeyLimit);
}

TEST(IndexKeys, ComeFromKnownColumns) {
    EXPECT_EQ(kind_of_column("dns.question.name"), KeyKind::name);
    EXPECT_EQ(kind_of_column("packetsentry.inner.source.port"), KeyKind::port);
    EXPECT_EQ(kind_of_column("network.community_id"), KeyKind::community_id);
    EXPECT_EQ(kind_of_column("url.path"), std::nullopt);
}

// Packets have all of their Community IDs since list 3; no other kind has become more complete.
TEST(IndexKeys, HaveAFirstListEach) {
    EXPECT_EQ(first_rules(KeyKind::community_id), 3);
    EXPECT_EQ(first_rules(KeyKind::ipv4), 1);
    EXPECT_EQ(first_rules(KeyKind::name), 1);
    for (const KeyKind kind : kKeyKinds) EXPECT_LE(first_rules(kind), kKeyRules);
}

TEST(Glob, MatchesAWholeText) {
    struct Case {
        std::string_view pattern, text;
        bool matches;
    };
    constexpr std::array kCases = {
        Case{"", "", true},
        Case{"", "a", false},
        Case{"*", "", true},
        Case{"*", "abc", true},
        Case{"a*", "abc", true},
        Case{"*c", "abc", true},
        Case{"*b*", "abc", true},
        Case{"a?c", "abc", true},
        Case{"a?", "abc", false},
        Case{"?", "", false},
        Case{"a*c*", "abcabd", true},
        Case{"*abd", "abcabd", true},
        Case{"*abc", "abcabd", false},
        Case{"a**d", "abcabd", true},
        Case{"abc", "ab", false},
        Case{"ab", "abc", false},
        Case{"*?*?*", "ab", true},
        Case{"*?*?*?", "ab", false},
    };
    for (const Case& c : kCases)
        EXPECT_EQ(glob_matches(c.pattern, c.text), c.matches) << c.pattern << ' ' << c.text;
}

}  // namespace
}  // namespace packetsentry::spool
