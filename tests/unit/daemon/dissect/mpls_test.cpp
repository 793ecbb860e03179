#include "daemon/dissect/mpls.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Mpls, StackOverIp) {
    const PacketReading reading =
        read_packet(PacketBuilder().ethernet().mpls({100, 0, 1048575}).ipv6().udp(1, 2).build());
    EXPECT_EQ(reading.fields, "packetsentry.mpls.label=100,0,1048575");
    EXPECT_EQ(reading.ends, "ipv6 17 2001:db8::1:1 -> 2001:db8::2:2");
}

TEST(Mpls, UnknownBelowTheStack) {
    const PacketReading reading =
        read_packet(PacketBuilder().ethernet().mpls({5}).payload(hex("10")).build());
    EXPECT_EQ(reading.summary, "MPLS 5");
    EXPECT_FALSE(reading.malformed);
}

TEST(Mpls, AStackWithoutBottomIsMalformed) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet(kSourceMac, kDestinationMac, 0x8847)
                                                  .payload(hex("00010040 00020040"))
                                                  .build());
    EXPECT_EQ(reading.summary, "MPLS 16,32");
    EXPECT_TRUE(reading.malformed);
}

TEST(Mpls, EthernetPseudowireKeepsTheOuterAddresses) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet()
                                                  .mpls({5})
                                                  .payload(hex("00000000"))
                                                  .ethernet("02:00:00:00:00:03", "02:00:00:00:00:04")
                                                  .ipv4()
                                                  .udp(1, 2)
                                                  .build());
    EXPECT_EQ(reading.macs, "02-00-00-00-00-01 -> 02-00-00-00-00-02");
    EXPECT_EQ(reading.summary, "UDP 1 -> 2");
}

// It begins with a MAC address, whose first four bits may be those of a control word, of IPv4 or of IPv6.
TEST(Mpls, EthernetPseudowireWithoutControlWord) {
    for (const std::string_view mac :
         {"00:1b:21:00:00:05", "48:00:00:54:00:05", "6c:40:08:00:00:05", "ac:de:48:00:00:05"}) {
        const PacketReading reading = read_packet(
            PacketBuilder().ethernet().mpls({5}).ethernet("02:00:00:00:00:03", mac).ipv4().udp(1, 2).build());
        EXPECT_EQ(reading.macs, "02-00-00-00-00-01 -> 02-00-00-00-00-02") << mac;
        EXPECT_EQ(reading.summary, "UDP 1 -> 2") << mac;
        EXPECT_FALSE(reading.malformed) << mac;
    }
}

TEST(Mpls, AKnownEthertypeIsBelievedRatherThanFourBits) {
    for (const std::string_view mac : {"00:1b:21:00:00:05", "48:00:00:54:00:05", "6c:40:08:00:00:05"}) {
        const PacketReading reading = read_packet(PacketBuilder()
                                                      .ethernet()
                                                      .mpls({5})
                                                      .ethernet("02:00:00:00:00:03", mac, 0x88CC)
                                                      .payload(Bytes(46))
                                                      .build());
        EXPECT_EQ(reading.summary, "LLDP") << mac;
        EXPECT_FALSE(reading.malformed) << mac;
    }
}

TEST(Mpls, NothingBelowTheStackIsMalformed) {
    const PacketReading reading = read_packet(PacketBuilder().ethernet().mpls({5}).build());
    EXPECT_EQ(reading.summary, "MPLS 5");
    EXPECT_TRUE(reading.malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
