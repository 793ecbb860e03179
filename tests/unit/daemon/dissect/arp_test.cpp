#include "daemon/dissect/arp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Arp, Operations) {
    struct Case {
        std::uint16_t operation;
        std::string_view summary;
    };
    for (const Case c :
         {Case{1, "ARP who-has 10.0.0.2 tell 10.0.0.1"}, Case{2, "ARP 10.0.0.1 is-at 02:00:00:00:00:01"},
          Case{3, "ARP reverse who-is 02:00:00:00:00:02 tell 02:00:00:00:00:01"},
          Case{4, "ARP reverse 02:00:00:00:00:02 is 10.0.0.2"}, Case{9, "ARP operation 9"}}) {
        const PacketReading reading =
            read_packet(PacketBuilder().ethernet().arp(c.operation, "10.0.0.1", "10.0.0.2").build());
        EXPECT_EQ(reading.summary, c.summary);
        EXPECT_EQ(reading.ends, "arp 10.0.0.1 -> 10.0.0.2");
        EXPECT_EQ(reading.macs, "02-00-00-00-00-01 -> 02-00-00-00-00-02");
        EXPECT_EQ(reading.fields, "packetsentry.arp.opcode=" + std::to_string(c.operation) +
                                      " packetsentry.arp.source.mac=02-00-00-00-00-01"
                                      " packetsentry.arp.target.mac=02-00-00-00-00-02");
        EXPECT_EQ(reading.layers, "eth:ethertype:arp");
        EXPECT_FALSE(reading.malformed);
    }
}

// A batch has no place for the 20 bytes of an address of InfiniBand.
TEST(Arp, LongerHardwareAddressesAreNoFields) {
    const Bytes longer =
        join({hex("0020 0800 14 04 0001"), Bytes(20), hex("0a000001"), Bytes(20), hex("0a000002")});
    const PacketReading reading =
        read_packet(PacketBuilder().ethernet(kSourceMac, kDestinationMac, 0x0806).payload(longer).build());
    EXPECT_EQ(reading.ends, "arp 10.0.0.1 -> 10.0.0.2");
    EXPECT_EQ(reading.fields, "packetsentry.arp.opcode=1");
}

TEST(Arp, OtherSizesAndProtocols) {
    const auto arp = [](std::string_view bytes) {
        return read_packet(
            PacketBuilder().ethernet(kSourceMac, kDestinationMac, 0x0806).payload(hex(bytes)).build());
    };
    const PacketReading wrong = arp("0001 0800 06 03 0001 020000000001 0a0000 020000000002 0a0000");
    EXPECT_TRUE(wrong.malformed);
    EXPECT_EQ(wrong.ends, "none");
    const PacketReading other = arp("0001 809b 06 03 0001 020000000001 0a0000 020000000002 0a0000");
    EXPECT_FALSE(other.malformed);
    EXPECT_EQ(other.summary, "ARP protocol type 0x809b");
    EXPECT_TRUE(arp("0001 0800 ff ff 0001 020000000001").malformed);
}

TEST(Arp, IsRecognisedByItsTypesAndSizes) {
    const Bytes right = PacketBuilder().arp(1, "10.0.0.1", "10.0.0.2").build();
    EXPECT_TRUE(is_arp(Cursor(right)));
    EXPECT_TRUE(is_arp(Cursor(join({right, Bytes(18)}))));
    EXPECT_FALSE(is_arp(Cursor(std::span(right).first(27))));
    for (const std::size_t at : {0U, 1U, 2U, 3U, 4U, 5U, 6U}) {
        Bytes bytes = right;
        bytes[at] = std::byte{0xA7};
        EXPECT_FALSE(is_arp(Cursor(bytes))) << at;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
