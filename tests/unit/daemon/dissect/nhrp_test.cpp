#include "daemon/dissect/nhrp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

PacketBuilder outer() {
    return PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2");
}

TEST(Nhrp, OperationByName) {
    const auto summary = [](std::string_view digits) {
        return read_packet(outer().gre({.type = 0x2001}).payload(hex(digits)).build()).summary;
    };
    const std::string fixed = "0001 0800 0000000000 ff 0020 0000 0000 01 ";
    EXPECT_EQ(summary(fixed + "03 04 00"), "NHRP Registration request");
    EXPECT_EQ(summary(fixed + "63 04 00"), "NHRP");
    EXPECT_EQ(summary(fixed), "NHRP");
}

}  // namespace
}  // namespace packetsentry::dissect
