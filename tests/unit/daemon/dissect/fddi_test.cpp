#include "daemon/dissect/fddi.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Fddi, CarriesLlc) {
    const Bytes head = hex("50 020000000002 020000000001");
    const Bytes packet = PacketBuilder().snap().ipv4().udp(1, 2).build();
    const PacketReading reading = read_packet(join({head, packet}), 10);
    EXPECT_EQ(reading.summary, "UDP 1 -> 2");
    EXPECT_EQ(reading.macs, "02-00-00-00-00-01 -> 02-00-00-00-00-02");
}

TEST(Fddi, OtherFramesAreToldByTheirControl) {
    EXPECT_EQ(read_packet(hex("41 020000000002 020000000001"), 10).summary, "FDDI frame control 0x41");
    EXPECT_TRUE(read_packet(hex("50 020000000002 0200"), 10).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
