#include "daemon/dissect/usb.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

const std::string kTransfer = "0000000000000000 430381 05 0300 2d00 0000000000000000 00000000 00000000 ";

TEST(Usb, OfUsbmon) {
    const std::string wanted = "40000000 40000000 0000000000000000 ";
    EXPECT_EQ(read_packet(join({hex(kTransfer + wanted), Bytes(64)}), 189).summary,
              "USB 3.5.1 bulk in Complete 64 bytes");
    EXPECT_EQ(read_packet(join({hex(kTransfer + wanted), Bytes(16), Bytes(64)}), 220).summary,
              "USB 3.5.1 bulk in Complete 64 bytes");
    EXPECT_TRUE(read_packet(hex(kTransfer), 189).malformed);
    EXPECT_TRUE(read_packet(hex(kTransfer + wanted), 220).malformed);
}

TEST(Usb, OfUsbpcap) {
    const std::string rest = "0000000000000000 00000000 0900 00 0100 0700 02 03 1f000000 ";
    EXPECT_EQ(read_packet(join({hex("1b00" + rest), Bytes(31)}), 249).summary,
              "USB 1.7.2 bulk out Submit 31 bytes");
    EXPECT_EQ(read_packet(join({hex("1c00" + rest), Bytes(32)}), 249).summary,
              "USB 1.7.2 bulk out Submit 31 bytes");
    EXPECT_TRUE(read_packet(hex("1a00" + rest), 249).malformed);
}

TEST(Usb, OfTheBus) {
    EXPECT_EQ(read_packet(hex("69 0000"), 288).summary, "USB In");
    EXPECT_EQ(read_packet(hex("c3 00"), 294).summary, "USB Data0");
    EXPECT_EQ(read_packet(hex("00"), 266).summary, "USB");
}

}  // namespace
}  // namespace packetsentry::dissect
