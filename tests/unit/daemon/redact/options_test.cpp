#include "daemon/redact/options.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/packet_builder.h"

namespace packetsentry::redact {
namespace {

using test::Bytes;
using test::hex;

struct OptionsCase {
    std::string_view name;
    std::string_view options;
    std::string_view left;
};

void check(std::span<const OptionsCase> cases, const std::function<bool(std::span<std::byte>)>& blank) {
    for (const OptionsCase& c : cases) {
        Bytes options = hex(c.options);
        EXPECT_EQ(blank(options), hex(c.options) != hex(c.left)) << c.name;
        EXPECT_EQ(options, hex(c.left)) << c.name;
    }
}

TEST(Options, OfIpv4) {
    const OptionsCase cases[] = {
        {"none", "", ""},
        {"router alert", "94040000", "94040000"},
        {"router alert with something behind", "9406 0000 7365", "0101 0101 0101"},
        {"router alert of nothing", "9402 0000", "0101 0000"},
        {"record route", "0707080a000001 00", "01010101010101 00"},
        {"source route, then alert", "8307040a000001 01 94040000", "01010101010101 01 94040000"},
        {"behind the end", "00 0a000001", "00 00000000"},
        {"too long", "0709040a000001", "01010101010101"},
        {"too short", "0701040a", "01010101"},
        {"kind alone", "07", "01"},
    };
    check(cases, blank_ipv4_options);
}

TEST(Options, OfTcp) {
    const OptionsCase cases[] = {
        {"of a SYN", "020405b4 0402 080a0102030400000000 01 030307",
         "020405b4 0402 080a0102030400000000 01 030307"},
        {"SACK of one block", "050a 0000000100000002", "050a 0000000100000002"},
        {"SACK of four blocks", "0522 0000000100000002 0000000300000004 0000000500000006 0000000700000008",
         "0522 0000000100000002 0000000300000004 0000000500000006 0000000700000008"},
        {"SACK of no block", "0502", "0101"},
        {"SACK of a block and a half", "050e 0000000100000002 73656372", "0101 0101010101010101 01010101"},
        {"segment size with something behind", "020a 05b4 736563726574", "0101 0101 010101010101"},
        {"window scale with something behind", "0305 07 7365", "0101 01 0101"},
        {"SACK permitted with something behind", "0408 736563726574", "0101 010101010101"},
        {"timestamps and more", "080e 0102030400000000 73656372", "0101 0101010101010101 01010101"},
        {"half of the timestamps", "0806 73656372", "0101 01010101"},
        {"MPTCP's other address", "1e08 30020a000001 0402", "0101 010101010101 0402"},
        {"the client behind a balancer", "fe08 1f900a000001", "0101 010101010101"},
        {"fast open cookie", "220a0102030405060708", "01010101010101010101"},
        {"digest", "1312 73656372657473656372657473656372", "0101 01010101010101010101010101010101"},
        {"behind the end", "0402 00 73656372657473656372", "0402 00 00000000000000000000"},
        {"too long", "0204", "0101"},
    };
    check(cases, blank_tcp_options);
}

TEST(Options, OfIpv6) {
    const OptionsCase cases[] = {
        {"padding", "00 010300ffff00", "00 010300000000"},
        {"padding of zeros", "00 0103000000 00", "00 0103000000 00"},
        {"router alert", "05020000 0100", "05020000 0100"},
        {"router alert with something behind", "0508 0000736563726574", "0108 0000000000000000"},
        {"tunnel limit", "040104 0101 00 00", "040104 0101 00 00"},
        {"tunnel limit with something behind", "0404 04736563", "0104 00000000"},
        {"jumbo payload", "c204 00010000", "c204 00010000"},
        {"jumbo payload of more", "c206 00010000 7365", "0106 00000000 0000"},
        {"home address", "c910 20010db8000000000000000000000009 0100",
         "0110 00000000000000000000000000000000 0100"},
        {"too long", "c910 20010db8", "0000 00000000"},
        {"kind alone", "c9", "00"},
    };
    check(cases, [](auto options) { return blank_ipv6_options(options, Addresses::blanked); });
}

TEST(Options, OfIpv6WithAddresses) {
    const OptionsCase cases[] = {
        {"home address", "c910 20010db8000000000000000000000009 0100",
         "c910 20010db8000000000000000000000009 0100"},
        {"home address with something behind", "c912 20010db8000000000000000000000009 7365",
         "0112 00000000000000000000000000000000 0000"},
        {"home address cut short", "c904 20010db8", "0104 00000000"},
        {"nobody knows it", "3e06 736563726574", "0106 000000000000"},
    };
    check(cases, [](auto options) { return blank_ipv6_options(options, Addresses::kept); });
}

}  // namespace
}  // namespace packetsentry::redact
