#include "daemon/dissect/nflog.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

constexpr std::uint32_t kNflog = 239;

TEST(Nflog, CarriesThePacketOfItsFamily) {
    const Bytes prefix = hex("0800 0a00 6c6f6700");
    const PacketReading ipv4 = read_packet(PacketBuilder().nflog(prefix).ipv4().udp(1, 2).build(), kNflog);
    EXPECT_EQ(ipv4.summary, "UDP 1 -> 2");
    EXPECT_EQ(ipv4.ends, "ipv4 17 192.168.1.100:1 -> 8.8.8.8:2");
    const PacketReading ipv6 = read_packet(PacketBuilder().nflog().ipv6().udp(1, 2).build(), kNflog);
    EXPECT_EQ(ipv6.ends, "ipv6 17 2001:db8::1:1 -> 2001:db8::2:2");
    EXPECT_FALSE(ipv4.malformed || ipv6.malformed);
}

TEST(Nflog, TellsTheAddressOfTheSender) {
    const Bytes address = hex("1000 0800 0006 0000 0200000000010000");
    const PacketReading reading =
        read_packet(PacketBuilder().nflog(address).ipv4().udp(1, 2).build(), kNflog);
    EXPECT_EQ(reading.macs, "02-00-00-00-00-01 -> ");
}

TEST(Nflog, OfABridgeTheEthertypeTells) {
    const Bytes arp = PacketBuilder().arp(1, "10.0.0.1", "10.0.0.2").build();
    const Bytes frame = join({hex("07000000 08000100 08060100 2000 0900"), arp});
    EXPECT_EQ(read_packet(frame, kNflog).summary, "ARP who-has 10.0.0.2 tell 10.0.0.1");
}

TEST(Nflog, OfABigEndianMachine) {
    const Bytes packet = PacketBuilder().ipv4().udp(1, 2).build();
    const Bytes frame = join({hex("02000000 0008 0005 00000001 0020 0009"), packet});
    EXPECT_EQ(read_packet(frame, kNflog).summary, "UDP 1 -> 2");
}

TEST(Nflog, WithoutAPacket) {
    EXPECT_EQ(read_packet(hex("02000000"), kNflog).summary, "NFLOG");
    EXPECT_TRUE(read_packet(hex("02010000"), kNflog).malformed);
    EXPECT_TRUE(read_packet(hex("02000000 0300 0a00"), kNflog).malformed);
    EXPECT_TRUE(read_packet(hex("02000000 0800 0a00 00"), kNflog).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
