#include "daemon/dissect/ip_protocol.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(IpProtocol, Words) {
    EXPECT_EQ(ip_protocol_word(6), "TCP");
    EXPECT_EQ(ip_protocol_word(17), "UDP");
    EXPECT_EQ(ip_protocol_word(50), "ESP");
    EXPECT_EQ(ip_protocol_word(89), "OSPF");
    EXPECT_EQ(ip_protocol_word(0), "");
    EXPECT_EQ(ip_protocol_word(255), "");
}

TEST(IpProtocol, AWordAlone) {
    struct Case {
        std::uint8_t number;
        std::string_view word;
    };
    for (const Case c : {Case{50, "ESP"}, Case{88, "EIGRP"}, Case{89, "OSPF"}, Case{103, "PIM"},
                         Case{112, "VRRP"}, Case{115, "L2TP"}}) {
        const PacketReading reading = read_packet(PacketBuilder()
                                                      .ethernet()
                                                      .ipv6("fd00::1", "fd00::2", {.next_header = c.number})
                                                      .payload("x")
                                                      .build());
        EXPECT_EQ(reading.summary, c.word);
        EXPECT_EQ(reading.ends, "ipv6 " + std::to_string(c.number) + " fd00::1 -> fd00::2");
    }
}

}  // namespace
}  // namespace packetsentry::dissect
