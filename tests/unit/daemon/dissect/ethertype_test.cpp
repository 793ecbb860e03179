#include "daemon/dissect/ethertype.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Ethertype, WordsWithoutADissector) {
    struct Case {
        std::uint16_t type;
        std::string_view summary;
    };
    for (const Case c :
         {Case{0x88CC, "LLDP"}, Case{0x888E, "EAPOL"}, Case{0x88E5, "MACsec"}, Case{0x9000, "Loopback"},
          Case{0x88B5, "Ethernet type 0x88b5"}, Case{0xFFFF, "Ethernet type 0xffff"}}) {
        const Bytes frame =
            PacketBuilder().ethernet(kSourceMac, kDestinationMac, c.type).payload("x").build();
        const PacketReading reading = read_packet(frame);
        EXPECT_EQ(reading.summary, c.summary);
        EXPECT_EQ(reading.ends, "none");
        EXPECT_FALSE(reading.malformed) << c.summary;
    }
}

// The number alone says little: what carries it is what the packet is.
TEST(Ethertype, OneThatNobodyKnowsStaysItsCarriers) {
    struct Case {
        Bytes frame;
        std::string_view summary;
        std::uint32_t link_type = 1;
    };
    const auto outer = [] { return PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2"); };
    const auto mac_frame = [](PacketBuilder& around) {
        return around.ethernet(kSourceMac, kDestinationMac, 0x88B5).payload("x").build();
    };
    const Case cases[] = {
        {PacketBuilder().ethernet().vlan(7, 0x8100, 0x88B5).payload("x").build(), "VLAN type 0x88b5"},
        {PacketBuilder().ethernet_802_3().snap(0, 0x88B5).payload("x").build(), "LLC type 0x88b5"},
        {PacketBuilder().linux_sll(0x88B5).payload("x").build(), "SLL type 0x88b5", 113},
        {PacketBuilder().ieee80211_data().snap(0, 0x88B5).payload("x").build(), "LLC type 0x88b5", 105},
        {outer().gre({.type = 0x22EC}).payload("x").build(), "GRE type 0x22ec"},
        {outer().gre({.key = 1, .sequence = 2, .checksum = true, .type = 0x22EC}).payload("x").build(),
         "GRE type 0x22ec"},
        {outer().gre({.type = 0x8100}).payload(hex("0007 88b5 00")).build(), "VLAN type 0x88b5"},
        {mac_frame(outer().gre()), "Ethernet type 0x88b5"},
        {mac_frame(outer().udp(1, 4789).vxlan(7)), "Ethernet type 0x88b5"},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(c.frame, c.link_type);
        EXPECT_EQ(reading.summary, c.summary);
        EXPECT_FALSE(reading.malformed) << c.summary;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
