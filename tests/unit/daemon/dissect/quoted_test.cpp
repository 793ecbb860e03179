#include "daemon/dissect/quoted.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Quoted, WhatIsThereIsRead) {
    const Bytes packet = PacketBuilder().ipv4("10.0.0.1", "8.8.8.8").tcp(4000, 53).build();
    const Quoted whole = read_quoted_ipv4(Cursor(packet));
    EXPECT_EQ(base::to_string(whole.destination), "8.8.8.8");
    EXPECT_EQ(whole.protocol, "TCP");
    EXPECT_EQ(whole.port, 53);
    const Bytes head = cut(packet, 22);
    EXPECT_EQ(base::to_string(read_quoted_ipv4(Cursor(head)).destination), "8.8.8.8");
    EXPECT_EQ(read_quoted_ipv4(Cursor(head)).port, 0);
    const Bytes less = cut(packet, 19);
    EXPECT_FALSE(read_quoted_ipv4(Cursor(less)).destination);
}

TEST(Quoted, OptionsAreSkipped) {
    const Bytes packet =
        PacketBuilder().ipv4("10.0.0.1", "8.8.8.8", {.options = hex("94040000")}).udp(4000, 53).build();
    EXPECT_EQ(read_quoted_ipv4(Cursor(packet)).port, 53);
}

TEST(Quoted, Ipv6) {
    const Bytes packet = PacketBuilder().ipv6("fd00::1", "fd00::2").sctp(1, 2).build();
    const Quoted quoted = read_quoted_ipv6(Cursor(packet));
    EXPECT_EQ(base::to_string(quoted.destination), "fd00::2");
    EXPECT_EQ(quoted.protocol, "SCTP");
    EXPECT_EQ(quoted.port, 2);
}

TEST(Quoted, WhatIsNoPacketIsNothing) {
    const Bytes packet(40);
    EXPECT_FALSE(read_quoted_ipv4(Cursor(packet)).destination);
    EXPECT_FALSE(read_quoted_ipv6(Cursor(packet)).destination);
}

}  // namespace
}  // namespace packetsentry::dissect
