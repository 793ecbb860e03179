#include "daemon/dissect/vxlan_gpe.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/outer_headers.h"
#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(VxlanGpe, CarriesWhatItsNextProtocolSays) {
    const PacketBuilder packet = PacketBuilder().ipv4("172.16.0.1", "172.16.0.2").udp(1, 2);
    const Bytes ipv4 = packet.build();
    const Bytes frame = PacketBuilder().ethernet().ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).build();
    const auto summary = [](std::string_view header, const Bytes& inside) {
        return read_packet(outer(4790).payload(join({hex(header), inside})).build()).summary;
    };
    constexpr std::string_view kInside = "UDP 4000 -> 4790 vxlan-gpe 172.16.0.1:1 -> 172.16.0.2:2";
    EXPECT_EQ(summary("0c000001 00000700", ipv4), kInside);
    EXPECT_EQ(summary("0c000003 00000700", frame), kInside);
    EXPECT_EQ(summary("0c000005 00000700 00010140", ipv4), kInside);
    EXPECT_EQ(summary("0c000004 00000700 0fc20201 000010ff", ipv4),
              "UDP 4000 -> 4790 nsh 172.16.0.1:1 -> 172.16.0.2:2");
    for (const std::string_view header :
         {"08000003 00000700", "1c000003 00000700", "0c010003 00000700", "0c000003 00000701"})
        EXPECT_EQ(summary(header, frame), "UDP 4000 -> 4790") << header;
}

TEST(VxlanGpe, TellsANextProtocolThatNobodyKnows) {
    const PacketReading reading =
        read_packet(outer(4790).payload(join({hex("0c000009 00000700"), Bytes(20)})).build());
    EXPECT_EQ(reading.word, "VXLAN-GPE");
    EXPECT_EQ(reading.summary, "VXLAN-GPE 7 next protocol 9");
    EXPECT_EQ(reading.fields, "packetsentry.vxlan.id=7 packetsentry.tunnel.type=vxlan-gpe");
    EXPECT_EQ(reading.ends, "ipv4 17 10.0.0.1:4000 -> 10.0.0.2:4790");
    EXPECT_FALSE(reading.malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
