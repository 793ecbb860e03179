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

TEST_F(FlowPackets, LeavesOutWhatHasNoIpHeader) {
    EXPECT_FALSE(read(test::hex("ffffffffffff 020000000001 88b5 0102")));
}

}  // namespace
}  // namespace packetsentry::flows
