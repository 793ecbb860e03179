#include "daemon/dissect/authentication.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Authentication, WhatItProtectsIsTheRecords) {
    const PacketReading ipv4 =
        read_packet(PacketBuilder().ethernet().ipv4().authentication().tcp(1, 2).build());
    EXPECT_EQ(ipv4.ends, "ipv4 6 192.168.1.100:1 -> 8.8.8.8:2");
    const PacketReading ipv6 =
        read_packet(PacketBuilder().ethernet().ipv6().authentication().tcp(1, 2).build());
    EXPECT_EQ(ipv6.ends, "ipv6 6 2001:db8::1:1 -> 2001:db8::2:2");
}

TEST(Authentication, TellsAProtocolThatNobodyKnows) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet()
                                                  .ipv4("10.0.0.1", "10.0.0.2", {.protocol = 51})
                                                  .payload(hex("c8 01 0000 00000001 00000001"))
                                                  .build());
    EXPECT_EQ(reading.summary, "AH protocol 200");
    EXPECT_FALSE(reading.malformed);
}

TEST(Authentication, PastThePacketIsMalformed) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet()
                                                  .ipv4("10.0.0.1", "10.0.0.2", {.protocol = 51})
                                                  .payload(hex("06 ff 0000"))
                                                  .build());
    EXPECT_EQ(reading.word, "AH");
    EXPECT_TRUE(reading.malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
