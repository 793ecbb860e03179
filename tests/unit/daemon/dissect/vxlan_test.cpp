#include "daemon/dissect/vxlan.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Vxlan, CarriesEthernet) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet()
                                                  .ipv4("10.0.0.1", "10.0.0.2")
                                                  .udp(50000, 4789)
                                                  .vxlan(0xABCDEF)
                                                  .ethernet("02:00:00:00:00:03")
                                                  .ipv4("172.16.0.1", "172.16.0.2")
                                                  .tcp(1, 2)
                                                  .build());
    EXPECT_EQ(reading.ends, "ipv4 17 10.0.0.1:50000 -> 10.0.0.2:4789");
    EXPECT_EQ(reading.macs, "02-00-00-00-00-01 -> 02-00-00-00-00-02");
    EXPECT_EQ(reading.summary, "UDP 50000 -> 4789 vxlan 172.16.0.1:1 -> 172.16.0.2:2 [PSH,ACK]");
    EXPECT_EQ(reading.fields,
              "packetsentry.vxlan.id=11259375 packetsentry.tunnel.type=vxlan "
              "packetsentry.inner.source.ip=172.16.0.1 packetsentry.inner.destination.ip=172.16.0.2 "
              "packetsentry.inner.source.port=1 packetsentry.inner.destination.port=2");
    EXPECT_EQ(reading.layers, "eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:tcp");
    EXPECT_EQ(reading.headers.tcp_flags, kTcpHeader | 0x18);
    EXPECT_EQ(reading.headers.udp_length, 8 + 8 + 14 + 20 + 20);
}

TEST(Vxlan, OnlyToItsPortAndWithItsFlagAlone) {
    const auto inner = [](std::uint16_t source, std::uint16_t destination, std::string_view header) {
        return read_packet(PacketBuilder()
                               .ethernet()
                               .ipv4()
                               .udp(source, destination)
                               .payload(hex(header))
                               .ethernet()
                               .arp(1, "10.0.0.1", "10.0.0.2")
                               .build())
            .word;
    };
    EXPECT_EQ(inner(1, 4789, "0800000000000100"), "ARP");
    EXPECT_EQ(inner(4789, 1, "0800000000000100"), "UDP");
    for (const std::string_view header :
         {"0000000000000100", "0c00000000000100", "8800000000000100", "ff00000000000100", "0801000000000100",
          "0800010000000100", "0800000100000100", "0800000000000101"})
        EXPECT_EQ(inner(1, 4789, header), "UDP") << header;
}

}  // namespace
}  // namespace packetsentry::dissect
