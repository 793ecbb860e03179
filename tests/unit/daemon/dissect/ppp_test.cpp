#include "daemon/dissect/ppp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(Ppp, Protocols) {
    struct Case {
        std::string_view bytes;
        std::string_view summary;
        bool malformed;
    };
    const Case cases[] = {
        {"c021 01 07 0004", "LCP Configure-Request id 7", false},
        {"ff03 c021 0a 07 0004", "LCP Echo-Reply id 7", false},
        {"8021 03 00 0004", "IPCP Configure-Nak id 0", false},
        {"8057 02 01 0004", "IPV6CP Configure-Ack id 1", false},
        {"80fd ff 01 0004", "CCP Code id 1", false},
        {"c021 01 07 0003", "LCP Configure-Request id 7", true},
        {"c021 01 07 0005", "LCP Configure-Request id 7", true},
        {"c023 01", "PAP", false},
        {"c223 01", "CHAP", false},
        {"003d 00", "PPP protocol 0x3d", false},
        {"3d 00", "PPP protocol 0x3d", false},
        {"c0", "PPP", true},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(hex(c.bytes), 9);
        EXPECT_EQ(reading.summary, c.summary) << c.bytes;
        EXPECT_EQ(reading.malformed, c.malformed) << c.bytes;
    }
}

TEST(Ppp, CarriesIp) {
    const Bytes ipv4 = PacketBuilder().ipv4().udp(1, 2).build();
    const Bytes ipv6 = PacketBuilder().ipv6().udp(1, 2).build();
    EXPECT_EQ(read_packet(join({hex("ff03 0021"), ipv4}), 9).ends, "ipv4 17 192.168.1.100:1 -> 8.8.8.8:2");
    EXPECT_EQ(read_packet(join({hex("21"), ipv4}), 9).ends, "ipv4 17 192.168.1.100:1 -> 8.8.8.8:2");
    EXPECT_EQ(read_packet(join({hex("0057"), ipv6}), 50).ends, "ipv6 17 2001:db8::1:1 -> 2001:db8::2:2");
}

}  // namespace
}  // namespace packetsentry::dissect
