#include "daemon/dissect/pppoe.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Pppoe, DiscoveryCodes) {
    struct Case {
        std::uint8_t code;
        std::string_view summary;
    };
    for (const Case c : {Case{0x09, "PPPoE PADI"}, Case{0x07, "PPPoE PADO"}, Case{0x19, "PPPoE PADR"},
                         Case{0x65, "PPPoE PADS"}, Case{0xA7, "PPPoE PADT"}, Case{0xFF, "PPPoE Discovery"}})
        EXPECT_EQ(read_packet(PacketBuilder().ethernet().pppoe_discovery(c.code).build()).summary, c.summary);
}

TEST(Pppoe, SessionNumberIsTold) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet(kSourceMac, kDestinationMac, 0x8863)
                                                  .payload(hex("11 65 0011 0000"))
                                                  .build());
    EXPECT_EQ(reading.summary, "PPPoE PADS session 17");
}

TEST(Pppoe, AnotherVersionIsMalformed) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet(kSourceMac, kDestinationMac, 0x8864)
                                                  .payload(hex("21 00 0001 0002 0021"))
                                                  .build());
    EXPECT_EQ(reading.word, "PPPoE");
    EXPECT_TRUE(reading.malformed);
}

TEST(Pppoe, LengthTrimsAndIsChecked) {
    const auto session = [](std::string_view length) {
        return read_packet(PacketBuilder()
                               .ethernet(kSourceMac, kDestinationMac, 0x8864)
                               .payload(hex("11 00 0001"))
                               .payload(hex(length))
                               .payload(hex("c021 09 01 0004"))
                               .build());
    };
    EXPECT_EQ(session("0006").summary, "LCP Echo-Request id 1");
    EXPECT_FALSE(session("0006").malformed);
    EXPECT_TRUE(session("0007").malformed);
    EXPECT_EQ(session("0007").summary, "LCP Echo-Request id 1");
    EXPECT_TRUE(session("0003").malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
