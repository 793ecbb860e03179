#include "daemon/dissect/linux_cooked.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(LinuxCooked, SourceAddressOnly) {
    const PacketReading reading = read_packet(PacketBuilder().linux_sll().ipv4().udp(1, 2).build(), 113);
    EXPECT_EQ(reading.macs, "02-00-00-00-00-01 -> ");
    EXPECT_EQ(reading.ends, "ipv4 17 192.168.1.100:1 -> 8.8.8.8:2");
    EXPECT_EQ(reading.interface_index, 0U);
}

TEST(LinuxCooked, Version2TellsTheInterface) {
    const PacketReading reading =
        read_packet(PacketBuilder().linux_sll2(0x10203).ipv6().udp(1, 2).build(), 276);
    EXPECT_EQ(reading.interface_index, 0x10203U);
    EXPECT_EQ(reading.macs, "02-00-00-00-00-01 -> ");
    EXPECT_EQ(reading.ends, "ipv6 17 2001:db8::1:1 -> 2001:db8::2:2");
}

// The packet type stands in the first two bytes of a header of version 1, and in byte 10 of one of version 2.
TEST(LinuxCooked, TellsTheDirection) {
    struct Case {
        std::uint8_t type;
        std::string_view fields1;
        std::string_view fields2;
    };
    const Case cases[] = {
        {0, "network.direction=ingress", "network.direction=ingress observer.ingress.interface.id=7"},
        {1, "network.direction=ingress", "network.direction=ingress observer.ingress.interface.id=7"},
        {3, "network.direction=ingress", "network.direction=ingress observer.ingress.interface.id=7"},
        {4, "network.direction=egress", "network.direction=egress observer.egress.interface.id=7"},
        {5, "", "observer.ingress.interface.id=7"},
    };
    for (const Case& c : cases) {
        Bytes version1 = PacketBuilder().linux_sll().ipv4().udp(1, 2).build();
        version1[1] = std::byte{c.type};
        EXPECT_EQ(read_packet(version1, 113).fields, c.fields1) << int{c.type};
        Bytes version2 = PacketBuilder().linux_sll2(7).ipv4().udp(1, 2).build();
        version2[10] = std::byte{c.type};
        EXPECT_EQ(read_packet(version2, 276).fields, c.fields2) << int{c.type};
    }
}

// A packet of version 2 with so many bytes between its header and the IP packet.
PacketReading read_with(const Bytes& between, Bytes frame) {
    frame.insert(frame.begin() + 20, between.begin(), between.end());
    return read_packet(frame, 276);
}

TEST(LinuxCooked, TagsThatTheKernelLeftInThePacketAreRead) {
    const Bytes four = PacketBuilder().linux_sll2(7).ipv4().udp(1, 2).build();
    const Bytes six = PacketBuilder().linux_sll2(7).ipv6().udp(1, 2).build();
    const PacketReading one = read_with(hex("0028 0800"), four);
    EXPECT_EQ(one.ends, "ipv4 17 192.168.1.100:1 -> 8.8.8.8:2");
    EXPECT_TRUE(one.fields.contains("network.vlan.id=40")) << one.fields;
    const PacketReading several = read_with(hex("0022 8100 0021 88a8 0020 86dd"), six);
    EXPECT_EQ(several.ends, "ipv6 17 2001:db8::1:1 -> 2001:db8::2:2");
    EXPECT_TRUE(several.fields.contains("network.vlan.id=34")) << several.fields;
    EXPECT_TRUE(several.fields.contains("network.inner.vlan.id=32")) << several.fields;
}

TEST(LinuxCooked, WhatOnlyLooksLikeATagIsNone) {
    const Bytes four = PacketBuilder().linux_sll2(7).ipv4().udp(1, 2).build();
    for (const char* between : {"0028 86dd", "0028 1234", "0028 8100", "0028 0800 00"})
        EXPECT_FALSE(read_with(hex(between), four).fields.contains("vlan")) << between;
    Bytes cut = four;
    cut.resize(20);
    EXPECT_FALSE(read_with(hex("0028 08"), cut).fields.contains("vlan"));
}

TEST(LinuxCooked, AddressesOfOtherSizesAreNoMacs) {
    const PacketReading reading =
        read_packet(PacketBuilder().linux_sll({}, "0a:00:00:01").ipv4().udp(1, 2).build(), 113);
    EXPECT_EQ(reading.macs, " -> ");
}

TEST(LinuxCooked, WhatIsNotAnEthertype) {
    struct Case {
        Bytes frame;
        std::string_view word;
    };
    const Case cases[] = {
        {PacketBuilder().linux_sll(0, kSourceMac, 824).payload("x").build(), "Netlink"},
        {PacketBuilder().linux_sll(12).payload("x").build(), "CAN"},
        {PacketBuilder().linux_sll(4).llc(0x42, 0x42).payload(Bytes(4)).build(), "STP"},
        {PacketBuilder().linux_sll(25, kSourceMac, 803).radiotap().ieee80211(0, 8).build(), "802.11"},
        {PacketBuilder().linux_sll(25, kSourceMac, 801).ieee80211(0, 8).build(), "802.11"},
        {PacketBuilder().linux_sll(0x88CC).build(), "LLDP"},
    };
    for (const Case& c : cases) EXPECT_EQ(read_packet(c.frame, 113).word, c.word);
}

}  // namespace
}  // namespace packetsentry::dissect
