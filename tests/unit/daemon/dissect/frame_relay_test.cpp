#include "daemon/dissect/frame_relay.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

TEST(FrameRelay, WhatItCarries) {
    struct Case {
        std::string_view header;
        std::string_view summary;
    };
    for (const Case& c :
         {Case{"1841 03 cc", "UDP 1 -> 2"}, Case{"1841 0300 cc", "UDP 1 -> 2"},
          Case{"180041 03 cc", "UDP 1 -> 2"}, Case{"18000041 03 cc", "UDP 1 -> 2"},
          Case{"1841 0300 80 000000 0800", "UDP 1 -> 2"}, Case{"1841 0800", "UDP 1 -> 2"},
          Case{"1841 03 cf 0021", "UDP 1 -> 2"}, Case{"0001 03 08", "Q.933"}, Case{"fcf1 03 09", "LMI"},
          Case{"1841 03 83", "ISO"}, Case{"1841 03 99", "Frame relay connection 100 protocol 0x99"},
          Case{"1841 88b5", "Frame relay connection 100 type 0x88b5"}}) {
        const bool is_ip = c.summary.starts_with("UDP");
        const Bytes packet = is_ip ? PacketBuilder().ipv4().udp(1, 2).build() : Bytes();
        const PacketReading reading = read_packet(join({hex(c.header), packet}), 107);
        EXPECT_EQ(reading.summary, c.summary) << c.header;
        EXPECT_FALSE(reading.malformed) << c.header;
    }
}

TEST(FrameRelay, CarriesBridgedFrames) {
    const Bytes frame = PacketBuilder().ethernet().ipv4().udp(1, 2).build();
    EXPECT_EQ(read_packet(join({hex("1841 0300 80 0080c2 0007"), frame}), 107).summary, "UDP 1 -> 2");
}

TEST(FrameRelay, AnAddressEnds) {
    EXPECT_TRUE(read_packet(hex("18000000 03 cc"), 107).malformed);
    EXPECT_TRUE(read_packet(hex("19 03 cc"), 107).malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
