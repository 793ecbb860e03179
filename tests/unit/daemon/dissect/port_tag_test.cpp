#include "daemon/dissect/port_tag.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(PortTag, AnEthertypeFollows) {
    const auto summary = [](std::uint16_t type, std::string_view tag) {
        return read_packet(PacketBuilder()
                               .ethernet(kSourceMac, kDestinationMac, type)
                               .payload(hex(tag))
                               .ipv4()
                               .udp(1, 2)
                               .build())
            .summary;
    };
    EXPECT_EQ(summary(0x893F, "0000 1001 0000 0800"), "UDP 1 -> 2");
    EXPECT_EQ(summary(0x893F, "0000 1001 0000 8100 0007 0800"), "UDP 1 -> 2");
    EXPECT_EQ(summary(0x8926, "8001 0002 0800"), "UDP 1 -> 2");
    EXPECT_EQ(summary(0x893F, "0000 1001 0000 22ec"), "E-Tag type 0x22ec");
    EXPECT_EQ(summary(0x8926, "8001 0002 22ec"), "VN-Tag type 0x22ec");
    EXPECT_EQ(
        read_packet(PacketBuilder().ethernet(kSourceMac, kDestinationMac, 0x893F).payload("x").build()).word,
        "E-Tag");
    EXPECT_EQ(
        read_packet(PacketBuilder().ethernet(kSourceMac, kDestinationMac, 0x8926).payload("x").build()).word,
        "VN-Tag");
}

}  // namespace
}  // namespace packetsentry::dissect
