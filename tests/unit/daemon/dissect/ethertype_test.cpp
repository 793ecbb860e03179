#include "daemon/dissect/ethertype.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Ethertype, WordsWithoutADissector) {
    struct Case {
        std::uint16_t type;
        std::string_view summary;
    };
    for (const Case c :
         {Case{0x88CC, "LLDP"}, Case{0x888E, "EAPOL"}, Case{0x88E5, "MACsec"}, Case{0x9000, "Loopback"},
          Case{0x88B5, "Ethernet type 0x88b5"}, Case{0xFFFF, "Ethernet type 0xffff"}}) {
        const Bytes frame =
            PacketBuilder().ethernet(kSourceMac, kDestinationMac, c.type).payload("x").build();
        const PacketReading reading = read_packet(frame);
        EXPECT_EQ(reading.summary, c.summary);
        EXPECT_EQ(reading.ends, "none");
        EXPECT_FALSE(reading.malformed) << c.summary;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
