#include "daemon/dissect/vlan.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Vlan, OutermostAndInnermostTagAndThoseBetween) {
    struct Case {
        Bytes frame;
        std::string_view fields;
    };
    const auto ethernet = [] { return PacketBuilder().ethernet(); };
    const Case cases[] = {
        {ethernet().vlan(7).ipv4().udp(1, 2).build(), "network.vlan.id=7 packetsentry.vlan.priority=0"},
        {ethernet().vlan(100, 0x88A8).vlan(7).ipv4().udp(1, 2).build(),
         "network.vlan.id=100 packetsentry.vlan.priority=0,0 network.inner.vlan.id=7"},
        {ethernet().vlan(1, 0x9100).vlan(2, 0x9200).vlan(3).ipv4().udp(1, 2).build(),
         "network.vlan.id=1 packetsentry.vlan.priority=0,0 packetsentry.vlan.between=2 "
         "packetsentry.vlan.priority=0 "
         "network.inner.vlan.id=3"},
        {ethernet().vlan(0xE123).ipv4().udp(1, 2).build(),
         "network.vlan.id=291 packetsentry.vlan.priority=7"},  // the bit between them is not theirs
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(c.frame);
        EXPECT_EQ(reading.fields, c.fields);
        EXPECT_EQ(reading.ends, "ipv4 17 192.168.1.100:1 -> 8.8.8.8:2");
    }
}

TEST(Vlan, LayersTellTheTwoKindsOfTagsApart) {
    const PacketReading reading =
        read_packet(PacketBuilder().ethernet().vlan(100, 0x88A8).vlan(7).ipv4().udp(1, 2).build());
    EXPECT_EQ(reading.layers, "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:udp");
    EXPECT_EQ(reading.ethertype, 0x88A8);
}

TEST(Vlan, CarriesLlcToo) {
    const Bytes frame =
        PacketBuilder().ethernet().vlan(7, 0x8100, 38).llc(0x42, 0x42).payload(Bytes(35)).build();
    EXPECT_EQ(read_packet(frame).summary, "STP Configuration");
}

TEST(Vlan, TagsInsideATunnelAreNotTheRecords) {
    const Bytes frame = PacketBuilder()
                            .ethernet()
                            .vlan(7)
                            .ipv4()
                            .udp(1, 4789)
                            .vxlan(9)
                            .ethernet()
                            .vlan(8)
                            .ipv4()
                            .udp(3, 4)
                            .build();
    EXPECT_TRUE(read_packet(frame).fields.starts_with(
        "network.vlan.id=7 packetsentry.vlan.priority=0 packetsentry.vxlan.id="));
}

TEST(Vlan, AThousandTagsAreBounded) {
    PacketBuilder builder = PacketBuilder().ethernet();
    for (std::uint16_t i = 0; i < 1000; ++i) builder.vlan(i);
    const PacketReading reading = read_packet(builder.ipv4().udp(1, 2).build());
    EXPECT_EQ(reading.word, "VLAN");
    EXPECT_TRUE(reading.incomplete);
    EXPECT_EQ(reading.ends, "none");
}

}  // namespace
}  // namespace packetsentry::dissect
