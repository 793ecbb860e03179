#include "daemon/flows/flow_packet.h"

#include <gtest/gtest.h>

#include "daemon/dissect/dissect.h"
#include "tests/support/packet_builder.h"
#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::flows {
namespace {

using test::Bytes;
using test::PacketBuilder;

class FlowPackets : public testing::Test {
  protected:
    std::optional<FlowPacket> read(const Bytes& frame) {
        dissect::dissect(frame, frame.size(), 1, *dissection);
        return reader.read(*dissection, 5, 12);
    }
    std::span<FlowPacket> read_levels(const Bytes& frame) {
        dissect::dissect(frame, frame.size(), 1, *dissection);
        return reader.read_levels(*dissection, 5, 12);
    }

    std::unique_ptr<dissect::Dissection> dissection = std::make_unique<dissect::Dissection>();
    FlowPacketReader reader;
};

TEST_F(FlowPackets, ReadsUdp) {
    const auto found = read(PacketBuilder()
                                .ethernet()
                                .ipv4("192.0.2.1", "198.51.100.7")
                                .udp(4000, 9999)
                                .payload(test::text("four"))
                                .build());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->tuple.source, end("192.0.2.1", 4000));
    EXPECT_EQ(found->tuple.destination, end("198.51.100.7", 9999));
    EXPECT_EQ(found->ip_bytes, 32U);
    EXPECT_EQ(found->payload_bytes, 4U);
    EXPECT_EQ(found->number, 12U);
    EXPECT_FALSE(found->tcp);
}

TEST_F(FlowPackets, ReadsTcpOverIpv6) {
    const auto found = read(PacketBuilder()
                                .ethernet()
                                .ipv6("2001:db8::1", "2001:db8::2")
                                .tcp(4000, 9999, {.sequence = 77})
                                .payload(test::text("sixsix"))
                                .build());
    ASSERT_TRUE(found && found->tcp);
    EXPECT_EQ(found->tcp->sequence, 77U);
    EXPECT_EQ(found->tcp->payload_bytes, 6U);
    EXPECT_EQ(found->ip_bytes, 66U);
}

// A tunnel is not called by what the packet in it asks for.
TEST_F(FlowPackets, SaysByWhichNameTheInnermostIsCalled) {
    const auto request = test::text("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    // The name is a view into it.
    const auto frame = PacketBuilder()
                           .ethernet()
                           .ipv4("192.0.2.1", "192.0.2.2")
                           .udp(5000, 4789)
                           .vxlan(7)
                           .ethernet()
                           .ipv4("10.0.0.1", "10.0.0.2")
                           .tcp(4000, 80)
                           .payload(request)
                           .build();
    const auto levels = read_levels(frame);
    ASSERT_EQ(levels.size(), 2U);
    EXPECT_EQ(levels[0].called.text, "");
    EXPECT_EQ(levels[1].called.text, "shop.example");
    EXPECT_EQ(levels[1].called.source, NameSource::http);
}

TEST_F(FlowPackets, TakesTypesOfIcmpForPorts) {
    const auto echo = read(PacketBuilder()
                               .ethernet()
                               .ipv4("192.0.2.1", "192.0.2.2")
                               .icmp(8, 0)
                               .payload(test::hex("0001 0001 61626364"))
                               .build());
    ASSERT_TRUE(echo);
    EXPECT_EQ(echo->tuple.source.port, 8);
    EXPECT_EQ(echo->tuple.destination.port, 0);
    EXPECT_FALSE(echo->tuple.one_way);
}

TEST_F(FlowPackets, PutsLaterFragmentsToTheFirst) {
    const auto later =
        PacketBuilder()
            .ethernet()
            .ipv4("192.0.2.1", "192.0.2.2", {.id = 5, .fragment_offset = 1480, .protocol = IPPROTO_UDP})
            .payload(test::text("the rest"))
            .build();
    EXPECT_FALSE(read(later)) << "nobody knows its ports";
    ASSERT_TRUE(read(PacketBuilder()
                         .ethernet()
                         .ipv4("192.0.2.1", "192.0.2.2", {.id = 5, .more_fragments = true})
                         .udp(4000, 9999)
                         .payload(test::text("begin"))
                         .build()));
    const auto found = read(later);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->tuple.source.port, 4000);
    EXPECT_TRUE(found->fragment);
    EXPECT_EQ(found->payload_bytes, 0U);
    EXPECT_EQ(found->ip_bytes, 28U);
}

// They tell the ends of their conversation themselves.
TEST_F(FlowPackets, NeedsNoFirstFragmentWhereThereAreNoPorts) {
    const auto found =
        read(PacketBuilder()
                 .ethernet()
                 .ipv4("192.0.2.1", "192.0.2.2", {.id = 5, .fragment_offset = 1480, .protocol = IPPROTO_RSVP})
                 .payload(test::text("the rest"))
                 .build());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->tuple.ip_protocol, IPPROTO_RSVP);
    EXPECT_EQ(found->payload_bytes, 8U);
}

TEST_F(FlowPackets, BelongsToAFlowAtEachLevelOfATunnel) {
    const auto levels = read_levels(PacketBuilder()
                                        .ethernet()
                                        .ipv4("192.0.2.1", "192.0.2.2")
                                        .udp(4000, 4789)
                                        .vxlan(1)
                                        .ethernet()
                                        .ipv6("2001:db8::1", "2001:db8::2")
                                        .tcp(5000, 9999, {.sequence = 77})
                                        .payload(test::text("six"))
                                        .build());
    ASSERT_EQ(levels.size(), 2U);
    EXPECT_EQ(levels[0].tuple.source, end("192.0.2.1", 4000));
    EXPECT_EQ(levels[0].payload_bytes, 8U + 14 + 40 + 20 + 3);
    ASSERT_NE(levels[0].protocol, nullptr);
    EXPECT_EQ(levels[0].protocol->name, "vxlan");
    EXPECT_FALSE(levels[0].tcp);
    EXPECT_EQ(levels[0].parent, nullptr);
    EXPECT_EQ(levels[1].tuple.destination, end("2001:db8::2", 9999));
    EXPECT_EQ(levels[1].ip_bytes, 63U);
    ASSERT_TRUE(levels[1].tcp);
    EXPECT_EQ(levels[1].tcp->sequence, 77U);
    EXPECT_EQ(levels[1].parent, &levels[0].tuple);
}

TEST_F(FlowPackets, NamesATunnelThatCarriesNoIp) {
    const auto levels = read_levels(PacketBuilder()
                                        .ethernet()
                                        .ipv4("192.0.2.1", "192.0.2.2")
                                        .udp(4000, 4789)
                                        .vxlan(1)
                                        .ethernet()
                                        .arp(1, "10.0.0.1", "10.0.0.2")
                                        .build());
    ASSERT_EQ(levels.size(), 1U);
    ASSERT_NE(levels[0].protocol, nullptr);
    EXPECT_EQ(levels[0].protocol->name, "vxlan");
}

TEST_F(FlowPackets, TellsTheApplicationOfTheInnermostLevelAlone) {
    const auto levels =
        read_levels(PacketBuilder()
                        .ethernet()
                        .ipv4("192.0.2.1", "192.0.2.2")
                        .ipv4("10.0.0.1", "10.0.0.2")
                        .udp(4000, 53)
                        .payload(test::hex("0001 0100 0001 0000 0000 0000 01 61 00 0001 0001"))
                        .build());
    ASSERT_EQ(levels.size(), 2U);
    EXPECT_EQ(levels[0].tuple.ip_protocol, IPPROTO_IPIP);
    EXPECT_EQ(levels[0].protocol, nullptr);
    ASSERT_NE(levels[1].protocol, nullptr);
    EXPECT_EQ(levels[1].protocol->name, "dns");
}

TEST_F(FlowPackets, PutsLaterFragmentsInsideOfATunnelToTheFirst) {
    const auto inner = [](std::uint16_t offset, bool more) {
        PacketBuilder builder =
            PacketBuilder()
                .ethernet()
                .ipv4("192.0.2.1", "192.0.2.2")
                .ipv4("10.0.0.1", "10.0.0.2",
                      {.id = 5, .fragment_offset = offset, .more_fragments = more, .protocol = IPPROTO_UDP});
        if (more) builder.udp(4000, 9999);
        return builder.payload(test::text("eight...")).build();
    };
    EXPECT_EQ(read_levels(inner(1480, false)).size(), 1U) << "nobody knows its ports";
    ASSERT_EQ(read_levels(inner(0, true)).size(), 2U);
    const auto levels = read_levels(inner(1480, false));
    ASSERT_EQ(levels.size(), 2U);
    EXPECT_TRUE(levels[1].fragment);
    EXPECT_EQ(levels[1].tuple.source, end("10.0.0.1", 4000));
    EXPECT_EQ(levels[1].ip_bytes, 28U);
}

TEST_F(FlowPackets, LeavesOutWhatHasNoIpHeader) {
    EXPECT_FALSE(read(test::hex("ffffffffffff 020000000001 88b5 0102")));
    EXPECT_TRUE(read_levels(test::hex("ffffffffffff 020000000001 88b5 0102")).empty());
}

}  // namespace
}  // namespace packetsentry::flows
