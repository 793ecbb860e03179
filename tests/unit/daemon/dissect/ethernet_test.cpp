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

}  // namespace
}  // namespace packetsentry::dissect
