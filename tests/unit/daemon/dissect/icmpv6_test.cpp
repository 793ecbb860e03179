#include "daemon/dissect/icmpv6.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

std::string echo_fields6(std::uint8_t type, std::uint32_t rest) {
    if (type != 128 && type != 129) return {};
    return " packetsentry.icmp.id=" + std::to_string(rest >> 16) +
           " packetsentry.icmp.sequence=" + std::to_string(rest & 0xFFFF);
}

TEST(Icmpv6, TypesAndCodes) {
    struct Case {
        std::uint8_t type;
        std::uint8_t code;
        std::uint32_t rest;
        std::string_view body;
        std::string_view summary;
    };
    constexpr std::string_view address = "fe800000000000000000000000000002";
    const Case cases[] = {
        {128, 0, 0x00010002, "", "ICMPv6 Echo request id 1 seq 2"},
        {129, 0, 0x00010002, "", "ICMPv6 Echo reply id 1 seq 2"},
        {1, 4, 0, "", "ICMPv6 Destination unreachable (port)"},
        {1, 99, 0, "", "ICMPv6 Destination unreachable (unknown code)"},
        {2, 0, 1280, "", "ICMPv6 Packet too big MTU 1280"},
        {3, 0, 0, "", "ICMPv6 Time exceeded (in transit)"},
        {4, 1, 0, "", "ICMPv6 Parameter problem"},
        {130, 0, 0, address, "ICMPv6 Listener query fe80::2"},
        {133, 0, 0, "", "ICMPv6 Router solicitation"},
        {134, 0, 0, "", "ICMPv6 Router advertisement"},
        {135, 0, 0, address, "ICMPv6 Neighbor solicitation fe80::2"},
        {136, 0, 0x60000000, address, "ICMPv6 Neighbor advertisement fe80::2"},
        {143, 0, 0, "", "ICMPv6 Listener report v2"},
        {200, 1, 0, "", "ICMPv6 type 200 code 1"},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(
            PacketBuilder().ethernet().ipv6().icmpv6(c.type, c.code, c.rest).payload(hex(c.body)).build());
        EXPECT_EQ(reading.summary, c.summary);
        EXPECT_EQ(reading.fields, "packetsentry.icmp.type=" + std::to_string(c.type) +
                                      " packetsentry.icmp.code=" + std::to_string(c.code) +
                                      echo_fields6(c.type, c.rest));
        EXPECT_EQ(reading.ends, "ipv6 58 2001:db8::1 -> 2001:db8::2");
        EXPECT_FALSE(reading.malformed) << c.summary;
    }
}

TEST(Icmpv6, SolicitationWithoutATargetIsMalformed) {
    EXPECT_TRUE(
        read_packet(PacketBuilder().ethernet().ipv6().icmpv6(135, 0).payload(Bytes(15)).build()).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
