#include "daemon/dissect/nsh.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Nsh, CarriesWhatItsNextProtocolSays) {
    const auto reading = [](std::string_view header, const PacketBuilder& inside) {
        return read_packet(PacketBuilder()
                               .ethernet(kSourceMac, kDestinationMac, 0x894F)
                               .payload(join({hex(header), inside.build()}))
                               .build());
    };
    const PacketBuilder ipv4 = PacketBuilder().ipv4().udp(1, 2);
    const PacketReading fixed = reading("0fc60101 000010ff 00000000000000000000000000000000", ipv4);
    EXPECT_EQ(fixed.summary, "UDP 1 -> 2");
    EXPECT_EQ(fixed.ends, "ipv4 17 192.168.1.100:1 -> 8.8.8.8:2");
    EXPECT_EQ(reading("0fc20203 000010ff", PacketBuilder().ethernet().ipv4().udp(1, 2)).summary,
              "UDP 1 -> 2");
    EXPECT_EQ(reading("0fc20204 000010ff 0fc20201 000010ff", ipv4).summary, "UDP 1 -> 2");
    EXPECT_EQ(reading("0fc20207 000010ff", ipv4).summary, "NSH next protocol 7");
    EXPECT_TRUE(reading("0fc10201 000010ff", ipv4).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
