#include "daemon/flows/usual_frame.h"

#include <gtest/gtest.h>

#include "daemon/dissect/dissect.h"
#include "daemon/flows/flow_packet.h"
#include "tests/support/packet_builder.h"

namespace packetsentry::flows {
namespace {

using test::Bytes;
using test::PacketBuilder;

constexpr std::uint32_t kEthernetType = 1;

// The key that the frame's flow really has.
std::optional<FlowKey> dissected_key(const Bytes& frame) {
    const auto dissection = std::make_unique<dissect::Dissection>();
    dissect::dissect(frame, frame.size(), kEthernetType, *dissection);
    FlowPacketReader reader;
    const auto packet = reader.read(*dissection, 1, 1);
    if (!packet) return std::nullopt;
    return FlowKey(packet->tuple);
}

TEST(UsualFrame, HasTheKeyThatItsDissectionHas) {
    const auto udp = [](PacketBuilder& builder) { return builder.udp(4000, 53).payload("x").build(); };
    const auto tcp = [](PacketBuilder& builder) { return builder.tcp(443, 4000).payload("x").build(); };
    const Bytes frames[] = {
        udp(PacketBuilder().ethernet().ipv4("192.0.2.1", "198.51.100.7")),
        tcp(PacketBuilder().ethernet().ipv4("198.51.100.7", "192.0.2.1")),
        udp(PacketBuilder().ethernet().ipv6("2001:db8::1", "2001:db8::2")),
        tcp(PacketBuilder().ethernet().vlan(7).ipv4("192.0.2.1", "198.51.100.7")),
        tcp(PacketBuilder().ethernet().vlan(7).ipv6("2001:db8::1", "2001:db8::2")),
    };
    for (const Bytes& frame : frames) {
        const auto key = key_of_usual_frame(frame, kEthernetType);
        ASSERT_TRUE(key);
        EXPECT_EQ(*key, dissected_key(frame));
    }
}

TEST(UsualFrame, HasNoLinkLayerInRawIp) {
    const auto frame = PacketBuilder().ethernet().ipv4("192.0.2.1", "192.0.2.2").udp(4000, 53).build();
    constexpr std::uint32_t kRawIpType = 101;
    constexpr std::size_t kEthernetHeader = 14;
    const auto key = key_of_usual_frame(std::span(frame).subspan(kEthernetHeader), kRawIpType);
    ASSERT_TRUE(key);
    EXPECT_EQ(key, key_of_usual_frame(frame, kEthernetType));
}

TEST(UsualFrame, BothDirectionsHaveOneKey) {
    const auto there = PacketBuilder().ethernet().ipv4("192.0.2.1", "192.0.2.2").udp(4000, 53).build();
    const auto back = PacketBuilder().ethernet().ipv4("192.0.2.2", "192.0.2.1").udp(53, 4000).build();
    EXPECT_EQ(key_of_usual_frame(there, kEthernetType), key_of_usual_frame(back, kEthernetType));
}

TEST(UsualFrame, OptionsOfIpv4AreSkipped) {
    auto frame = PacketBuilder().ethernet().ipv4("192.0.2.1", "192.0.2.2").udp(4000, 53).build();
    const auto key = key_of_usual_frame(frame, kEthernetType);
    constexpr std::size_t kIp = 14, kFixed = 20;
    frame[kIp] = std::byte{0x46};
    frame.insert(frame.begin() + kIp + kFixed, 4, std::byte{1});
    EXPECT_EQ(key_of_usual_frame(frame, kEthernetType), key);
}

TEST(UsualFrame, OfAnotherFrameThereIsNone) {
    EXPECT_FALSE(key_of_usual_frame(PacketBuilder().ethernet().arp(1, "192.0.2.1", "192.0.2.2").build(),
                                    kEthernetType));
    EXPECT_FALSE(key_of_usual_frame(
        PacketBuilder().ethernet().ipv4("192.0.2.1", "192.0.2.2").icmp(8, 0).build(), kEthernetType));
    EXPECT_FALSE(key_of_usual_frame({}, kEthernetType));
    const auto frame = PacketBuilder().ethernet().ipv4("192.0.2.1", "192.0.2.2").udp(4000, 53).build();
    constexpr std::uint32_t kIeee80211 = 105;
    EXPECT_FALSE(key_of_usual_frame(frame, kIeee80211));
    // The ports end at byte 38.
    for (std::size_t size = 0; size < 38; ++size)
        EXPECT_FALSE(key_of_usual_frame(std::span(frame).first(size), kEthernetType)) << size;
}

}  // namespace
}  // namespace packetsentry::flows
