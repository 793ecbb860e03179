#include "daemon/dissect/ppi.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

constexpr std::uint32_t kPpi = 192;

TEST(Ppi, CarriesAFrameOfItsLinkType) {
    const Bytes frame = PacketBuilder().ethernet().ipv4().udp(1, 2).build();
    EXPECT_EQ(read_packet(join({hex("00000800 01000000"), frame}), kPpi).summary, "UDP 1 -> 2");
    EXPECT_EQ(read_packet(join({hex("00000c00 01000000 01020304"), frame}), kPpi).summary, "UDP 1 -> 2");
    EXPECT_EQ(read_packet(join({hex("00000800 93000000"), frame}), kPpi).summary, "PPI type 147");
}

TEST(Ppi, TheFramesChecksumIsNotItsPayload) {
    const Bytes frame = PacketBuilder().ieee80211_data().snap().ipv4().udp(1, 2).build();
    const Bytes common = hex("00002000 69000000 0200 1400 0000000000000000 0100 0000 0000000000000000");
    const PacketReading reading = read_packet(join({common, frame, hex("01020304")}), kPpi);
    EXPECT_EQ(reading.summary, "UDP 1 -> 2");
    EXPECT_FALSE(reading.malformed);
}

TEST(Ppi, WithAHeaderThatIsNone) {
    EXPECT_TRUE(read_packet(hex("01000800 01000000"), kPpi).malformed);
    EXPECT_TRUE(read_packet(hex("00000700 01000000"), kPpi).malformed);
    EXPECT_TRUE(read_packet(hex("00000900 01000000"), kPpi).malformed);
    EXPECT_EQ(read_packet(hex("00000900 01000000"), kPpi).summary, "PPI");
}

}  // namespace
}  // namespace packetsentry::dissect
