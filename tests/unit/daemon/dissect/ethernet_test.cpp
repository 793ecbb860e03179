#include "daemon/dissect/ethernet.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Ethernet, TellsTheAddresses) {
    const PacketReading reading = read_packet(PacketBuilder().ethernet().ipv4().udp(1, 2).build());
    EXPECT_EQ(reading.macs, "02-00-00-00-00-01 -> 02-00-00-00-00-02");
    EXPECT_EQ(reading.ends, "ipv4 17 192.168.1.100:1 -> 8.8.8.8:2");
}

TEST(Ethernet, TypeOrLength) {
    struct Case {
        std::uint16_t type;
        std::string_view word;
        bool malformed;
    };
    for (const Case c : {Case{1500, "STP", true},  // longer than the frame
                         Case{2, "LLC", true}, Case{20, "STP", false}, Case{1501, "Ethernet", true},
                         Case{0x05FF, "Ethernet", true}, Case{0x0600, "Ethernet", false}}) {
        const Bytes frame = PacketBuilder()
                                .ethernet(kSourceMac, kDestinationMac, c.type)
                                .llc(0x42, 0x42)
                                .payload(Bytes(30))
                                .build();
        const PacketReading reading = read_packet(frame);
        EXPECT_EQ(reading.word, c.word) << c.type;
        EXPECT_EQ(reading.malformed, c.malformed) << c.type;
    }
}

TEST(Ethernet, PaddingIsNotPayload) {
    const Bytes frame = PacketBuilder().ethernet().ipv4().tcp(1, 2).build();
    EXPECT_EQ(read_packet(join({frame, Bytes(6)})).summary, "TCP 1 -> 2 [PSH,ACK]");
}

TEST(Ethernet, IsRecognisedByWhatItsTypeAnnounces) {
    const auto frame = [] { return PacketBuilder().ethernet(); };
    struct Case {
        std::string_view name;
        Bytes frame;
        bool is;
        bool may_be;
    };
    const Case cases[] = {
        {"ipv4", frame().ipv4().udp(1, 2).build(), true, true},
        {"ipv6", frame().ipv6().udp(1, 2).build(), true, true},
        {"arp", frame().arp(1, "10.0.0.1", "10.0.0.2").build(), true, true},
        {"pppoe", frame().pppoe_session().ipv6().udp(1, 2).build(), true, true},
        {"two tags", frame().vlan(5, 0x88A8).vlan(6).ipv4().udp(1, 2).build(), true, true},
        {"three tags", frame().vlan(5).vlan(6).vlan(7).ipv4().udp(1, 2).build(), false, true},
        {"ipv4 of another kind", frame().ipv4("1.2.3.4", "5.6.7.8", {.version = 5}).build(), false, true},
        {"from a group", PacketBuilder().ethernet("03:00:00:00:00:01").ipv4().udp(1, 2).build(), false, true},
        {"lldp", PacketBuilder().ethernet(kSourceMac, kDestinationMac, 0x88CC).payload("x").build(), false,
         true},
        {"of a length", PacketBuilder().ethernet_802_3().llc(0x42, 0x42).payload("x").build(), false, true},
        {"nobody knows", PacketBuilder().ethernet(kSourceMac, kDestinationMac, 0x88B5).payload("x").build(),
         false, false},
        {"too short", Bytes(13), false, false},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(is_ethernet(Cursor(c.frame)), c.is) << c.name;
        EXPECT_EQ(may_be_ethernet(Cursor(c.frame)), c.may_be) << c.name;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
