#include "daemon/dissect/walk.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "daemon/dissect/dissect.h"
#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Walk, InnermostConversationOfNestedTunnels) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet()
                                                  .ipv4("10.0.0.1", "10.0.0.2")
                                                  .gre()
                                                  .ipv4("10.1.0.1", "10.1.0.2")
                                                  .udp(5, 4789)
                                                  .vxlan(1)
                                                  .ethernet()
                                                  .ipv6("fd00::1", "fd00::2")
                                                  .udp(1, 2)
                                                  .build());
    EXPECT_EQ(reading.ends, "ipv4 47 10.0.0.1 -> 10.0.0.2");
    EXPECT_EQ(reading.summary, "UDP vxlan [fd00::1]:1 -> [fd00::2]:2");
    EXPECT_EQ(reading.fields,
              "packetsentry.tunnel.type=gre packetsentry.vxlan.id=1 packetsentry.tunnel.type=vxlan "
              "packetsentry.inner.source.ip=fd00::1 packetsentry.inner.destination.ip=fd00::2 "
              "packetsentry.inner.source.port=1 packetsentry.inner.destination.port=2");
}

TEST(Walk, PortsOfAnOuterTunnelAreNotTheInnerOnes) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet()
                                                  .ipv4("10.0.0.1", "10.0.0.2")
                                                  .ipv4("10.1.0.1", "10.1.0.2")
                                                  .udp(5, 4789)
                                                  .vxlan(1)
                                                  .ethernet()
                                                  .ipv4("10.2.0.1", "10.2.0.2")
                                                  .icmp(8, 0)
                                                  .build());
    EXPECT_EQ(reading.fields.find("inner.source.port"), std::string::npos);
    EXPECT_NE(reading.fields.find("inner.source.ip=10.2.0.1"), std::string::npos);
}

TEST(Walk, NetworksInsideOfTunnelsAreTold) {
    const Bytes frame = PacketBuilder()
                            .ethernet()
                            .ipv4("10.0.0.1", "10.0.0.2")
                            .gre()
                            .ipv4("10.1.0.1", "10.1.0.2", {.id = 77, .more_fragments = true})
                            .udp(5, 4789)
                            .vxlan(1)
                            .ethernet()
                            .ipv6("fd00::1", "fd00::2")
                            .udp(1, 2)
                            .payload(text("four"))
                            .build();
    auto out = std::make_unique<Dissection>();
    dissect(frame, frame.size(), 1, *out);
    ASSERT_EQ(out->inner_networks().size(), 2U);
    const InnerNetwork& middle = out->inner_networks()[0];
    EXPECT_EQ(to_string(middle.source), "10.1.0.1");
    EXPECT_EQ(middle.ip_protocol, 17);
    EXPECT_EQ(middle.destination_port, 4789);
    EXPECT_EQ(middle.fragment_id, 77U);
    EXPECT_EQ(middle.fragment, kMoreFragments);
    EXPECT_EQ(middle.udp_length, 8 + 8 + 14 + 40 + 8 + 4);
    EXPECT_EQ(out->carries, "gre");
    EXPECT_EQ(middle.carries, "vxlan");
    const InnerNetwork& innermost = out->inner_networks()[1];
    EXPECT_EQ(innermost.network, Network::ipv6);
    EXPECT_EQ(to_string(innermost.destination), "fd00::2");
    EXPECT_TRUE(innermost.has_ports);
    EXPECT_EQ(innermost.source_port, 1);
    EXPECT_EQ(innermost.ip_bytes, 52U);
    EXPECT_EQ(innermost.ip_payload_bytes, 12U);
    EXPECT_EQ(innermost.carries, "");
}

TEST(Walk, TheInnermostNetworkIsToldHoweverManyThereAre) {
    PacketBuilder builder = PacketBuilder().ethernet();
    for (int i = 0; i < 7; ++i) builder.ipv4("10.0.0." + std::to_string(i), "10.0.1.0");
    const Bytes frame = builder.udp(1, 2).build();
    auto out = std::make_unique<Dissection>();
    dissect(frame, frame.size(), 1, *out);
    ASSERT_EQ(out->inner_networks().size(), Dissection::kInnerLimit);
    EXPECT_EQ(to_string(out->inner_networks().front().source), "10.0.0.1");
    EXPECT_EQ(to_string(out->inner_networks().back().source), "10.0.0.6");
    EXPECT_TRUE(out->inner_networks().back().has_ports);
    dissect({}, 60, 1, *out);
    EXPECT_TRUE(out->inner_networks().empty());
}

TEST(Walk, TunnelsAreBounded) {
    const auto nested = [](std::size_t tunnels) {
        PacketBuilder builder = PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2");
        for (std::size_t i = 0; i < tunnels; ++i) builder.ipv4("10.0.0.3", "10.0.0.4");
        return read_packet(builder.udp(1, 2).build());
    };
    EXPECT_EQ(nested(Walk::kTunnelLimit).word, "UDP");
    EXPECT_EQ(nested(Walk::kTunnelLimit + 1).word, "IPv4");
    EXPECT_FALSE(nested(Walk::kTunnelLimit + 1).malformed);
    EXPECT_EQ(nested(2000).ends, "ipv4 4 10.0.0.1 -> 10.0.0.2");
}

}  // namespace
}  // namespace packetsentry::dissect
