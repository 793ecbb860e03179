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

TEST(Stp, OtherProtocolsOfBridgesAreNot) {
    struct Case {
        std::string_view destination, start, summary;
    };
    for (const Case c :
         {Case{"01:80:c2:00:00:21", "0001 01 0200", "GVRP"},
          Case{"01:80:c2:00:00:20", "0001 01 0200", "GMRP"},
          Case{"01:80:c2:00:00:00", "0001 01 0200", "GARP"}, Case{"01:80:c2:00:00:21", "0001", "GVRP"},
          Case{"01:80:c2:00:00:00", "0002 00 00", "LLC protocol 0x2"}}) {
        const Bytes frame = PacketBuilder()
                                .ethernet_802_3(kSourceMac, c.destination)
                                .llc(0x42, 0x42)
                                .payload(hex(c.start))
                                .build();
        const PacketReading reading = read_packet(frame);
        EXPECT_EQ(reading.summary, c.summary);
        EXPECT_FALSE(reading.malformed) << c.summary;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
