#include "daemon/dissect/cisco_hdlc.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(CiscoHdlc, TypesAreEthertypesButForThree) {
    struct Case {
        std::string_view header;
        std::string_view summary;
    };
    for (const Case& c : {Case{"0f00 0800", "UDP 1 -> 2"}, Case{"8f00 2000", "CDP"}, Case{"0f00 fefe", "ISO"},
                          Case{"8f00 8035 00000002", "SLARP Keepalive"}, Case{"0f00 8847", "MPLS"}}) {
        const bool is_ip = c.summary.starts_with("UDP");
        const Bytes packet = is_ip ? PacketBuilder().ipv4().udp(1, 2).build() : Bytes();
        const Bytes frame = join({hex(c.header), packet});
        EXPECT_EQ(read_packet(frame, 104).summary, c.summary);
        EXPECT_EQ(read_packet(frame, 50).summary, c.summary);
    }
}

TEST(CiscoHdlc, ASerialLineMayCarryPppInstead) {
    const Bytes packet = PacketBuilder().ipv4().udp(1, 2).build();
    EXPECT_EQ(read_packet(join({hex("ff03 0021"), packet}), 50).summary, "UDP 1 -> 2");
}

}  // namespace
}  // namespace packetsentry::dissect
