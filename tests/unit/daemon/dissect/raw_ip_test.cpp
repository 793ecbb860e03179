#include "daemon/dissect/raw_ip.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(RawIp, VersionDecides) {
    EXPECT_EQ(read_packet(PacketBuilder().ipv4().udp(1, 2).build(), 101).ends,
              "ipv4 17 192.168.1.100:1 -> 8.8.8.8:2");
    EXPECT_EQ(read_packet(PacketBuilder().ipv6().udp(1, 2).build(), 14).ends,
              "ipv6 17 2001:db8::1:1 -> 2001:db8::2:2");
    const PacketReading other = read_packet(hex("50"), 101);
    EXPECT_EQ(other.summary, "IP version 5");
    EXPECT_TRUE(other.malformed);
    EXPECT_TRUE(read_packet({}, 101).malformed);
    EXPECT_FALSE(read_packet({}, 101, 40).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
