#include "daemon/dissect/igmp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Igmp, Types) {
    struct Case {
        std::uint8_t type;
        std::string_view summary;
    };
    for (const Case c :
         {Case{0x11, "IGMP Membership query 224.0.0.251"},
          Case{0x12, "IGMP Membership report v1 224.0.0.251"},
          Case{0x16, "IGMP Membership report v2 224.0.0.251"}, Case{0x17, "IGMP Leave group 224.0.0.251"},
          Case{0x22, "IGMP Membership report v3"}, Case{0x13, "IGMP type 0x13"}})
        EXPECT_EQ(read_packet(PacketBuilder().ethernet().ipv4().igmp(c.type, "224.0.0.251").build()).summary,
                  c.summary);
}

}  // namespace
}  // namespace packetsentry::dissect
