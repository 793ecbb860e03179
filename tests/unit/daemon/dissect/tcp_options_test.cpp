#include "daemon/dissect/tcp_options.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

PacketReading with_options(std::string_view options) {
    return read_packet(PacketBuilder().ethernet().ipv4().tcp(1, 2, {.options = hex(options)}).build());
}

TEST(TcpOptions, EachIsReadAsItsKindSays) {
    struct Case {
        std::string_view options;
        std::string_view fields;
    };
    for (const Case& c : {
             Case{"020405b4", "packetsentry.tcp.mss=1460"},
             Case{"030307", "packetsentry.tcp.window_scale=7"},
             Case{"0402", "packetsentry.tcp.sack_permitted=1"},
             Case{"0101 050a 00000001 ffffffff",
                  "packetsentry.tcp.sack_left=1 packetsentry.tcp.sack_right=4294967295"},
             Case{"0512 00000001 00000002 00000003 00000004",
                  "packetsentry.tcp.sack_left=1 packetsentry.tcp.sack_right=2 packetsentry.tcp.sack_left=3 "
                  "packetsentry.tcp.sack_right=4"},
             Case{"0204 05b4 0402 0103 0300",
                  "packetsentry.tcp.mss=1460 packetsentry.tcp.sack_permitted=1 "
                  "packetsentry.tcp.window_scale=0"},
             // Of a size that the kind has not.
             Case{"020505b400", ""},
             Case{"03020101", ""},
             Case{"0403 00 01", ""},
             Case{"0506 00000001", ""},
             Case{"0806 00000001", ""},
         }) {
        const PacketReading reading = with_options(c.options);
        EXPECT_EQ(reading.fields, c.fields) << c.options;
        EXPECT_FALSE(reading.malformed) << c.options;
    }
}

TEST(TcpOptions, TimestampsAreNumbersOfTheHeader) {
    const PacketReading reading = with_options("0101 080a 00001000 00002000");
    EXPECT_EQ(reading.headers.tcp_timestamp, 0x1000U);
    EXPECT_EQ(reading.headers.tcp_timestamp_echo, 0x2000U);
    EXPECT_EQ(reading.fields, "");
}

TEST(TcpOptions, WhatStandsBehindABrokenOneIsNotRead) {
    for (const std::string_view options :
         {"0801 0000 0204 05b4", "0101 0101 0101 0204", "00000000 0204 05b4"})
        EXPECT_EQ(with_options(options).fields, "") << options;
}

// The snapshot length leaves the first of two options.
TEST(TcpOptions, ThoseThatWereCapturedAreRead) {
    const Bytes frame = PacketBuilder()
                            .ethernet()
                            .ipv4()
                            .tcp(1, 2, {.options = hex("020405b4 080a 00000001 00000002")})
                            .build();
    const PacketReading reading = read_packet(cut(frame, 14 + 20 + 20 + 8), 1, frame.size());
    EXPECT_EQ(reading.fields, "packetsentry.tcp.mss=1460");
    EXPECT_EQ(reading.headers.tcp_timestamp, 0U);
    EXPECT_FALSE(reading.malformed);
}

}  // namespace
}  // namespace packetsentry::dissect
