#include "daemon/dissect/llc.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Llc, ServiceAccessPointsAndSnap) {
    struct Case {
        Bytes frame;
        std::string_view summary;
    };
    const auto ethernet = [] { return PacketBuilder().ethernet_802_3(); };
    const Case cases[] = {
        {ethernet().llc(0xE0, 0xE0).payload("x").build(), "IPX"},
        {ethernet().llc(0xF0, 0xF0, 0).payload("x").build(), "NetBIOS"},
        {ethernet().llc(0xFE, 0xFE).payload(hex("83")).build(), "ISO"},
        {ethernet().llc(0x98, 0x9A).payload("x").build(), "LLC SAP 0x9a -> 0x98"},
        {ethernet().llc(0x06, 0x06).ipv4().udp(1, 2).build(), "UDP 1 -> 2"},
        {ethernet().snap().ipv4().udp(1, 2).build(), "UDP 1 -> 2"},
        {ethernet().snap(0x0000F8).ipv4().udp(1, 2).build(), "UDP 1 -> 2"},
        {ethernet().snap(0x00000C, 0x2000).payload("x").build(), "CDP"},
        {ethernet().snap(0x00000C, 0x010B).payload(Bytes(35)).build(), "STP Configuration"},
        {ethernet().snap(0x00005E, 0x0001).payload("x").build(), "LLC SNAP 0x5e 0x1"},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(c.frame);
        EXPECT_EQ(reading.summary, c.summary);
        EXPECT_FALSE(reading.malformed) << c.summary;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
