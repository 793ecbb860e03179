#include "daemon/dissect/gtp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/outer_headers.h"
#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Gtp, CarriesAUsersPacket) {
    const PacketReading reading =
        read_packet(outer(2152).gtp(9).ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build());
    EXPECT_EQ(reading.summary, "UDP 4000 -> 2152 gtp 172.16.0.1:1 -> 172.16.0.2:2");
    EXPECT_TRUE(reading.fields.starts_with("packetsentry.gtp.teid=9 packetsentry.tunnel.type=gtp "))
        << reading.fields;
    const Bytes extension = hex("00000085 01 1009 85 01 0000 00");
    EXPECT_EQ(read_packet(outer(2152).gtp(9, extension).ipv6("fd00::1", "fd00::2").udp(1, 2).build()).summary,
              "UDP 4000 -> 2152 gtp [fd00::1]:1 -> [fd00::2]:2");
    EXPECT_EQ(read_packet(outer(2152).gtp(9).ethernet().arp(1, "172.16.0.1", "172.16.0.2").build()).word,
              "ARP");
    EXPECT_EQ(read_packet(outer(2152).gtp(9).payload("? none of these").build()).word, "GTP-U");
}

TEST(Gtp, MessagesByName) {
    const auto summary = [](std::string_view message) {
        return read_packet(outer(2152).payload(hex(message)).build()).summary;
    };
    EXPECT_EQ(summary("32010004 00000000 00010000"), "GTP-U Echo request");
    EXPECT_EQ(summary("30fe0000 00000001"), "GTP-U End marker");
    for (const std::string_view message : {"50010000 00000000", "20010000 00000000", "38010000 00000000",
                                           "30630000 00000000", "30010001 00000000"})
        EXPECT_EQ(summary(message), "UDP 4000 -> 2152") << message;
}

}  // namespace
}  // namespace packetsentry::dissect
