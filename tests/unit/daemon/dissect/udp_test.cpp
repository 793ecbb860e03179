#include "daemon/dissect/udp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Udp, Lengths) {
    struct Case {
        std::string_view name;
        Bytes frame;
        bool malformed;
    };
    const auto ipv4 = [] { return PacketBuilder().ethernet().ipv4(); };
    const Case cases[] = {
        {"its own", ipv4().udp(1, 2).payload("data").build(), false},
        {"shorter than the datagram", ipv4().udp(1, 2, 10).payload("data").build(), false},
        {"past the datagram", ipv4().udp(1, 2, 13).payload("data").build(), true},
        {"below the header", ipv4().udp(1, 2, 7).payload("data").build(), true},
        {"zero", ipv4().udp(1, 2, 0).payload("data").build(), true},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(c.frame);
        EXPECT_EQ(reading.summary, "UDP 1 -> 2") << c.name;
        EXPECT_EQ(reading.fields, "") << c.name;
        EXPECT_EQ(reading.malformed, c.malformed) << c.name;
    }
}

TEST(Udp, LengthZeroOfAJumbogram) {
    const Bytes head = PacketBuilder()
                           .ethernet()
                           .ipv6("fd00::1", "fd00::2", {.payload_length = 0})
                           .hop_by_hop(hex("c204 00011188"))
                           .udp(1, 2, 0)
                           .build();
    EXPECT_FALSE(read_packet(head, 1, 70000).malformed);
}

TEST(Udp, WithoutAHeaderThereAreNoPorts) {
    const Bytes frame =
        PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2", {.protocol = 17}).payload(Bytes(7)).build();
    const PacketReading reading = read_packet(frame);
    EXPECT_EQ(reading.ends, "ipv4 17 10.0.0.1 -> 10.0.0.2");
    EXPECT_TRUE(reading.malformed);
}

TEST(Udp, HandsItsPayloadOn) {
    const Bytes query = hex("0001 0100 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001");
    const PacketReading reading =
        read_packet(PacketBuilder().ethernet().ipv4().udp(4000, 53).payload(query).build());
    EXPECT_EQ(reading.word, "DNS");
    EXPECT_EQ(reading.ends, "ipv4 17 192.168.1.100:4000 -> 8.8.8.8:53");
}

}  // namespace
}  // namespace packetsentry::dissect
