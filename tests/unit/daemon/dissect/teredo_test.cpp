#include "daemon/dissect/teredo.h"

#include <gtest/gtest.h>

#include "daemon/dissect/dissect.h"
#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

constexpr std::string_view kHost = "2001:0:4137:9e50:8000:f12a:b9c8:2815";

PacketBuilder udp_between(std::uint16_t source, std::uint16_t destination) {
    return PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(source, destination);
}

PacketReading read_with(std::string_view before, std::uint16_t source, std::uint16_t destination,
                        std::string_view from = kHost) {
    return read_packet(
        udp_between(source, destination).payload(hex(before)).ipv6(from, "2001:db8::2").udp(1, 2).build());
}

TEST(Teredo, CarriesIpv6) {
    const PacketReading reading = read_with("", 50000, 3544);
    EXPECT_EQ(reading.ends, "ipv4 17 10.0.0.1:50000 -> 10.0.0.2:3544");
    EXPECT_EQ(reading.summary,
              "UDP 50000 -> 3544 teredo [2001:0:4137:9e50:8000:f12a:b9c8:2815]:1 -> [2001:db8::2]:2");
    EXPECT_FALSE(reading.malformed);
    EXPECT_EQ(read_with("", 3544, 50000).fields, reading.fields);
}

TEST(Teredo, MayBeginWithIndications) {
    const std::string expected = read_with("", 50000, 3544).fields;
    for (const std::string_view before : {"0000 1234 c0000201", "0001 0000 0123456789abcdef 00",
                                          "0001 0202 1111 2222 0123456789abcdef 00 0000 1234 c0000201"})
        EXPECT_EQ(read_with(before, 50000, 3544).fields, expected) << before;
    EXPECT_EQ(read_with("0002 1234 c0000201", 50000, 3544).word, "UDP");
}

TEST(Teredo, IsKnownBetweenHostsByItsPrefix) {
    EXPECT_NE(read_with("", 5000, 6000).fields.find("tunnel.type=teredo"), std::string::npos);
    EXPECT_EQ(read_with("", 5000, 6000, "2001:db8::1").fields.find("teredo"), std::string::npos);
    EXPECT_EQ(read_with("0000 1234 c0000201", 5000, 6000).fields.find("teredo"), std::string::npos);
    EXPECT_EQ(read_with("", 5000, 3544, "2001:db8::1").fields.find("teredo"), std::string::npos);
    EXPECT_NE(read_with("", 5000, 3544, "fe80::1").fields.find("teredo"), std::string::npos);
}

TEST(Teredo, IsNotVouchedFor) {
    const Bytes frame = udp_between(50000, 3544).ipv6(kHost, "2001:db8::2").udp(1, 2).build();
    Dissection out;
    Layout layout;
    dissect(frame, frame.size(), 1, out, &layout);
    EXPECT_EQ(layout.header_end(), 14U + 20 + 8);
}

}  // namespace
}  // namespace packetsentry::dissect
