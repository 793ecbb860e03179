#include "daemon/dissect/loopback.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Loopback, FamiliesInBothByteOrders) {
    struct Case {
        std::uint32_t family;
        std::string_view ends;
    };
    for (const Case c : {Case{2, "ipv4"}, Case{10, "ipv6"}, Case{23, "ipv6"}, Case{24, "ipv6"},
                         Case{28, "ipv6"}, Case{30, "ipv6"}}) {
        for (const bool little : {false, true}) {
            const auto builder = PacketBuilder().null_loopback(c.family, little);
            const Bytes frame = c.family == 2 ? PacketBuilder(builder).ipv4().udp(1, 2).build()
                                              : PacketBuilder(builder).ipv6().udp(1, 2).build();
            EXPECT_EQ(read_packet(frame, 0).ends.substr(0, 4), c.ends) << c.family << " " << little;
        }
    }
}

TEST(Loopback, LoopIsInNetworkOrderOnly) {
    EXPECT_EQ(read_packet(PacketBuilder().null_loopback(2, false).ipv4().udp(1, 2).build(), 108).summary,
              "UDP 1 -> 2");
    EXPECT_EQ(read_packet(PacketBuilder().null_loopback(2, true).ipv4().udp(1, 2).build(), 108).summary,
              "Loopback address family 33554432");
}

TEST(Loopback, UnknownFamilyAndEthertype) {
    EXPECT_EQ(read_packet(hex("00000007 00"), 0).summary, "Loopback address family 7");
    const Bytes ipv4 = PacketBuilder().ipv4().udp(1, 2).build();
    EXPECT_EQ(read_packet(join({hex("0f000800"), ipv4}), 0).summary, "UDP 1 -> 2");
    EXPECT_EQ(read_packet(hex("0f0022ec 00"), 0).summary, "Loopback type 0x22ec");
}

}  // namespace
}  // namespace packetsentry::dissect
