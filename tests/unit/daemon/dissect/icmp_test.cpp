#include "daemon/dissect/icmp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

std::string echo_fields(std::uint8_t type, std::uint32_t rest) {
    if (type != 0 && type != 8) return {};
    return " packetsentry.icmp.id=" + std::to_string(rest >> 16) +
           " packetsentry.icmp.sequence=" + std::to_string(rest & 0xFFFF);
}

TEST(Icmp, TypesAndCodes) {
    struct Case {
        std::uint8_t type;
        std::uint8_t code;
        std::uint32_t rest;
        std::string_view summary;
    };
    const Case cases[] = {
        {8, 0, 0x00010002, "ICMP Echo request id 1 seq 2"},
        {0, 0, 0xFFFF0000, "ICMP Echo reply id 65535 seq 0"},
        {3, 0, 0, "ICMP Destination unreachable (network)"},
        {3, 3, 0, "ICMP Destination unreachable (port)"},
        {3, 13, 0, "ICMP Destination unreachable (prohibited)"},
        {3, 16, 0, "ICMP Destination unreachable (unknown code)"},
        {4, 0, 0, "ICMP Source quench"},
        {5, 1, 0x0A000001, "ICMP Redirect to 10.0.0.1"},
        {11, 0, 0, "ICMP Time exceeded (in transit)"},
        {11, 1, 0, "ICMP Time exceeded (in reassembly)"},
        {12, 0, 0, "ICMP Parameter problem"},
        {13, 0, 0, "ICMP Timestamp request"},
        {42, 7, 0, "ICMP type 42 code 7"},
    };
    for (const Case& c : cases) {
        const PacketReading reading =
            read_packet(PacketBuilder().ethernet().ipv4().icmp(c.type, c.code, c.rest).build());
        EXPECT_EQ(reading.summary, c.summary);
        EXPECT_EQ(reading.fields, "packetsentry.icmp.type=" + std::to_string(c.type) +
                                      " packetsentry.icmp.code=" + std::to_string(c.code) +
                                      echo_fields(c.type, c.rest));
        EXPECT_FALSE(reading.malformed) << c.summary;
    }
}

TEST(Icmp, TheQuotedPacketIsNotTheRecords) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet()
                                                  .ipv4("10.0.0.9", "10.0.0.1")
                                                  .icmp(11, 0)
                                                  .ipv4("10.0.0.1", "8.8.8.8")
                                                  .udp(4000, 53)
                                                  .build());
    EXPECT_EQ(reading.ends, "ipv4 1 10.0.0.9 -> 10.0.0.1");
    EXPECT_EQ(reading.summary, "ICMP Time exceeded (in transit) for UDP to 8.8.8.8 port 53");
    EXPECT_EQ(reading.fields, "packetsentry.icmp.type=11 packetsentry.icmp.code=0");
    EXPECT_EQ(reading.layers, "eth:ethertype:ip:icmp:ip:udp");
    EXPECT_EQ(reading.headers.udp_length, 0);
}

TEST(Icmp, LayersOfAnEcho) {
    const auto echo = [] { return PacketBuilder().ethernet().ipv4().icmp(8, 0, 1); };
    EXPECT_EQ(read_packet(echo().build()).layers, "eth:ethertype:ip:icmp");
    EXPECT_EQ(read_packet(echo().payload("x").build()).layers, "eth:ethertype:ip:icmp:data");
}

TEST(Icmp, ShortIsMalformed) {
    const auto of_size = [](std::size_t size) {
        return read_packet(PacketBuilder()
                               .ethernet()
                               .ipv4("10.0.0.1", "10.0.0.2", {.protocol = 1})
                               .payload(cut(hex("0800000000010002"), size))
                               .build());
    };
    EXPECT_TRUE(of_size(3).malformed);
    EXPECT_TRUE(of_size(7).malformed);
    EXPECT_FALSE(of_size(8).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
