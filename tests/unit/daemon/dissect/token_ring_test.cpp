#include "daemon/dissect/token_ring.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(TokenRing, CarriesLlc) {
    const Bytes packet = PacketBuilder().snap().ipv4().udp(1, 2).build();
    const PacketReading plain = read_packet(join({hex("1040 020000000002 020000000001"), packet}), 6);
    EXPECT_EQ(plain.summary, "UDP 1 -> 2");
    EXPECT_EQ(plain.macs, "02-00-00-00-00-01 -> 02-00-00-00-00-02");
    const PacketReading routed =
        read_packet(join({hex("1040 020000000002 820000000001 0670 00110022"), packet}), 6);
    EXPECT_EQ(routed.summary, "UDP 1 -> 2");
    EXPECT_EQ(routed.macs, plain.macs);
}

TEST(TokenRing, OtherFramesAreToldByTheirControl) {
    EXPECT_EQ(read_packet(hex("1002 020000000002 020000000001"), 6).summary, "Token ring frame control 0x2");
}

TEST(TokenRing, ARouteHasAnEvenLength) {
    EXPECT_TRUE(read_packet(hex("1040 020000000002 820000000001 0070"), 6).malformed);
    EXPECT_TRUE(read_packet(hex("1040 020000000002 820000000001 0370 00"), 6).malformed);
    EXPECT_TRUE(read_packet(hex("1040 020000000002 820000000001 0670 00"), 6).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
