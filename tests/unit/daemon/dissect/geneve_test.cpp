#include "daemon/dissect/geneve.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/outer_headers.h"
#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Geneve, CarriesWhatItsTypeSays) {
    const PacketReading frame =
        read_packet(outer(6081).geneve(7).ethernet().ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build());
    EXPECT_EQ(frame.ends, "ipv4 17 10.0.0.1:4000 -> 10.0.0.2:6081");
    EXPECT_EQ(frame.summary, "UDP 4000 -> 6081 geneve 172.16.0.1:1 -> 172.16.0.2:2");
    EXPECT_TRUE(frame.fields.starts_with("packetsentry.geneve.id=7 packetsentry.tunnel.type=geneve "))
        << frame.fields;
    EXPECT_FALSE(frame.malformed);
    const PacketReading packet = read_packet(
        outer(6081).geneve(7, hex("01020001 00000000")).ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build());
    EXPECT_EQ(packet.summary, frame.summary);
}

TEST(Geneve, OnlyToItsPortAndWithItsZeros) {
    const auto word = [](std::uint16_t port, std::string_view header) {
        return read_packet(outer(port).payload(hex(header)).ethernet().arp(1, "10.0.0.1", "10.0.0.2").build())
            .word;
    };
    EXPECT_EQ(word(6081, "00006558 00000700"), "ARP");
    EXPECT_EQ(word(6081, "00c06558 00000700"), "ARP");
    EXPECT_EQ(word(6082, "00006558 00000700"), "UDP");
    for (const std::string_view header : {"40006558 00000700", "00016558 00000700", "00006558 00000701",
                                          "3f006558 00000700", "000005ff 00000700"})
        EXPECT_EQ(word(6081, header), "UDP") << header;
}

TEST(Geneve, TellsATypeThatNobodyKnows) {
    const auto reading = [](std::string_view header) {
        return read_packet(outer(6081).payload(join({hex(header), Bytes(20)})).build());
    };
    const PacketReading plain = reading("000022ec 00000700");
    EXPECT_EQ(plain.word, "Geneve");
    EXPECT_EQ(plain.summary, "Geneve 7 type 0x22ec");
    EXPECT_EQ(plain.fields, "packetsentry.geneve.id=7 packetsentry.tunnel.type=geneve");
    EXPECT_EQ(plain.ends, "ipv4 17 10.0.0.1:4000 -> 10.0.0.2:6081");
    EXPECT_FALSE(plain.malformed);
    EXPECT_EQ(reading("028022ec 00000700 01020001 00000000").summary, plain.summary);
}

}  // namespace
}  // namespace packetsentry::dissect
