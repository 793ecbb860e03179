#include "daemon/redact/options.h"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.h"

namespace packetsentry::redact {
namespace {

using test::Bytes;
using test::hex;

struct Case {
    std::string_view name;
    std::string_view options;
    std::string_view left;
};

void check(std::span<const Case> cases, void (*blank)(std::span<std::byte>)) {
    for (const Case& c : cases) {
        Bytes options = hex(c.options);
        blank(options);
        EXPECT_EQ(options, hex(c.left)) << c.name;
    }
}

TEST(Options, OfIpv4) {
    const Case cases[] = {
        {"none", "", ""},
        {"router alert", "94040000", "94040000"},
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
    const Case cases[] = {
        {"of a SYN", "020405b4 0402 080a0102030400000000 01 030307",
         "020405b4 0402 080a0102030400000000 01 030307"},
        {"MPTCP's other address", "1e08 30020a000001 0402", "0101 010101010101 0402"},
        {"the client behind a balancer", "fe08 1f900a000001", "0101 010101010101"},
        {"fast open cookie", "220a0102030405060708", "01010101010101010101"},
        {"too long", "0204", "0101"},
    };
    check(cases, blank_tcp_options);
}

TEST(Options, OfIpv6) {
    const Case cases[] = {
        {"padding", "00 010300ffff00", "00 010300000000"},
        {"router alert", "05020000 0100", "05020000 0100"},
        {"home address", "c910 20010db8000000000000000000000009 0100",
         "0110 00000000000000000000000000000000 0100"},
        {"too long", "c910 20010db8", "0000 00000000"},
        {"kind alone", "c9", "00"},
    };
    check(cases, blank_ipv6_options);
}

}  // namespace
}  // namespace packetsentry::redact
