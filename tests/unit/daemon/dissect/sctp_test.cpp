#include "daemon/dissect/sctp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Sctp, PortsAndFirstChunk) {
    struct Case {
        std::string_view chunk;
        std::string_view summary;
    };
    for (const Case c : {Case{"00030010", "SCTP 1 -> 2 DATA"}, Case{"01000010", "SCTP 1 -> 2 INIT"},
                         Case{"0e000004", "SCTP 1 -> 2 SHUTDOWN COMPLETE"},
                         Case{"c0000004", "SCTP 1 -> 2 chunk"}, Case{"", "SCTP 1 -> 2"}}) {
        const PacketReading reading =
            read_packet(PacketBuilder().ethernet().ipv4().sctp(1, 2).payload(hex(c.chunk)).build());
        EXPECT_EQ(reading.summary, c.summary);
        EXPECT_EQ(reading.ends, "ipv4 132 192.168.1.100:1 -> 8.8.8.8:2");
    }
}

}  // namespace
}  // namespace packetsentry::dissect
