#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

std::string summary(std::uint16_t port, std::string_view begin, std::size_t size) {
    Bytes message = hex(begin);
    message.resize(size);
    return read_packet(PacketBuilder().ethernet().ipv4().udp(4000, port).payload(message).build()).summary;
}

TEST(Wireguard, MessagesByTypeAndSize) {
    EXPECT_EQ(summary(51820, "01000000", 148), "WireGuard Handshake initiation");
    EXPECT_EQ(summary(51820, "02000000", 92), "WireGuard Handshake response");
    EXPECT_EQ(summary(51820, "03000000", 64), "WireGuard Cookie reply");
    EXPECT_EQ(summary(51820, "04000000", 32), "WireGuard Transport data");
    EXPECT_EQ(summary(51820, "04000000", 1456), "WireGuard Transport data");
    for (const auto& [begin, size] :
         {std::pair{"01000000", 149U}, std::pair{"01000001", 148U}, std::pair{"04000000", 33U},
          std::pair{"05000000", 148U}, std::pair{"04000000", 16U}, std::pair{"01", 1U}})
        EXPECT_EQ(summary(51820, begin, size), "UDP 4000 -> 51820") << begin << " " << size;
}

TEST(Wireguard, AtAnyPortOnlyTheHandshake) {
    EXPECT_EQ(summary(1234, "01000000", 148), "WireGuard Handshake initiation");
    EXPECT_EQ(summary(1234, "04000000", 32), "UDP 4000 -> 1234");
}

}  // namespace
}  // namespace packetsentry::dissect
