#include "daemon/dissect/erspan.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/outer_headers.h"
#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Erspan, TypeThreeCarriesAFrame) {
    const auto summary = [](std::string_view header) {
        return read_packet(outer()
                               .gre({.sequence = 1, .type = 0x22EB})
                               .payload(hex(header))
                               .ethernet()
                               .ipv4("172.16.0.1", "172.16.0.2")
                               .icmp(8, 0, 0x00010002)
                               .build())
            .summary;
    };
    constexpr std::string_view kInside = "ICMP erspan 172.16.0.1 -> 172.16.0.2 Echo request id 1 seq 2";
    EXPECT_EQ(summary("2000000a 00000001 00000000"), kInside);
    EXPECT_EQ(summary("2000000a 00000001 00000001 0000000000000000"), kInside);
}

TEST(Erspan, TypeThreeMayCarryAPacket) {
    const Bytes frame = outer()
                            .gre({.sequence = 1, .type = 0x22EB})
                            .payload(hex("2000000a 00000001 00000800"))
                            .ipv4("172.16.0.1", "172.16.0.2")
                            .udp(1, 2)
                            .build();
    EXPECT_EQ(read_packet(frame).summary, "UDP erspan 172.16.0.1:1 -> 172.16.0.2:2");
}

TEST(Erspan, TypeThreeOfAFrameThatNobodyKnows) {
    const Bytes frame = outer()
                            .gre({.sequence = 1, .type = 0x22EB})
                            .payload(hex("2000000a 00000001 00001400"))
                            .payload(Bytes(20))
                            .build();
    const PacketReading reading = read_packet(frame);
    EXPECT_EQ(reading.summary, "ERSPAN frame type 5");
    EXPECT_FALSE(reading.malformed);
}

TEST(Erspan, TypeThreeOfATruncatedFrame) {
    const auto malformed = [](std::string_view header) {
        return read_packet(outer()
                               .gre({.sequence = 1, .type = 0x22EB})
                               .payload(hex(header))
                               .ethernet()
                               .ipv4("172.16.0.1", "172.16.0.2", {.total_length = std::uint16_t{1000}})
                               .udp(1, 2, 980)
                               .build())
            .malformed;
    };
    EXPECT_TRUE(malformed("2000000a 00000001 00000000"));
    EXPECT_FALSE(malformed("2000040a 00000001 00000000"));
}

}  // namespace
}  // namespace packetsentry::dissect
