#include "daemon/dissect/l2tp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

PacketBuilder outer(std::uint16_t port) {
    return PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(4000, port);
}

PacketBuilder in_ip() {
    return PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2", {.protocol = 115});
}

TEST(L2tp, Version2CarriesPpp) {
    const Bytes packet = PacketBuilder().ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build();
    for (const std::string_view header : {"0002 0001 0002 ff03 0021", "4002 0000 0001 0002 0021",
                                          "4b02 0000 0001 0002 0000 0000 0002 0000 ff03 0021"}) {
        const PacketReading reading = read_packet(outer(1701).payload(join({hex(header), packet})).build());
        EXPECT_EQ(reading.summary, "UDP 4000 -> 1701 l2tp 172.16.0.1:1 -> 172.16.0.2:2") << header;
        EXPECT_TRUE(reading.fields.starts_with("packetsentry.l2tp.session=2 ")) << reading.fields;
    }
}

TEST(L2tp, Version3CarriesAFrameBehindACookie) {
    const Bytes frame = PacketBuilder().ethernet().ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build();
    for (const std::size_t before : {0U, 4U, 8U, 12U}) {
        const Bytes data = join({hex("00000007"), Bytes(before), frame});
        EXPECT_EQ(read_packet(in_ip().payload(data).build()).summary,
                  "UDP l2tpv3 172.16.0.1:1 -> 172.16.0.2:2");
        EXPECT_EQ(read_packet(outer(1701).payload(join({hex("00030000"), data})).build()).summary,
                  "UDP 4000 -> 1701 l2tpv3 172.16.0.1:1 -> 172.16.0.2:2");
    }
    EXPECT_EQ(read_packet(in_ip().payload(hex("00000007 01020304")).build()).summary, "L2TP session 7");
}

TEST(L2tp, ControlMessagesByName) {
    const auto in_udp = [](std::string_view message) {
        return read_packet(outer(1701).payload(hex(message)).build()).summary;
    };
    EXPECT_EQ(in_udp("c802 0014 0001 0000 0000 0000 8008 0000 0000 0001"), "L2TP SCCRQ");
    EXPECT_EQ(in_udp("c803 0014 00000001 0000 0000 8008 0000 0000 0014"), "L2TP ACK");
    EXPECT_EQ(in_udp("c802 000c 0001 0000 0001 0001"), "L2TP Acknowledgement");
    EXPECT_EQ(
        read_packet(in_ip().payload(hex("00000000 c803 0014 00000001 0000 0000 8008 0000 0000 0006")).build())
            .summary,
        "L2TP Hello");
    for (const std::string_view message :
         {"c902 000c 0001 0000 0001 0001", "3002 0001 0002 ff03 0021", "0001 0001 0002 ff03",
          "0003 0001 00000007", "c802 0020 0001 0000 0001 0001"})
        EXPECT_EQ(in_udp(message), "UDP 4000 -> 1701") << message;
}

}  // namespace
}  // namespace packetsentry::dissect
