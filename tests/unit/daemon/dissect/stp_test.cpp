#include "daemon/dissect/stp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Stp, Kinds) {
    struct Case {
        std::string_view start;
        std::string_view summary;
    };
    for (const Case c : {Case{"0000 00 00", "STP Configuration"}, Case{"0000 00 80", "STP Topology change"},
                         Case{"0000 02 02", "STP Rapid"}, Case{"0000 03 02", "STP Multiple"},
                         Case{"0000 00 77", "STP Unknown type"}}) {
        const Bytes frame =
            PacketBuilder().ethernet_802_3().llc(0x42, 0x42).payload(hex(c.start)).payload(Bytes(31)).build();
        EXPECT_EQ(read_packet(frame).summary, c.summary);
    }
}

}  // namespace
}  // namespace packetsentry::dissect
