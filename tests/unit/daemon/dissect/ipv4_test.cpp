#include "daemon/dissect/ipv4.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

PacketBuilder ipv4(Ipv4Header header) {
    return PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2", header);
}

TEST(Ipv4, Headers) {
    struct Case {
        std::string_view name;
        Bytes frame;
        std::string_view ends;
        std::string_view summary;
        bool malformed;
    };
    const Case cases[] = {
        {"plain", ipv4({}).udp(1, 2).build(), "ipv4 17 10.0.0.1:1 -> 10.0.0.2:2", "UDP 1 -> 2", false},
        {"options", ipv4({.options = hex("01 94040000 00")}).udp(1, 2).build(),
         "ipv4 17 10.0.0.1:1 -> 10.0.0.2:2", "UDP 1 -> 2", false},
        {"option of length 1", ipv4({.options = hex("9401")}).udp(1, 2).build(),
         "ipv4 17 10.0.0.1:1 -> 10.0.0.2:2", "UDP 1 -> 2", true},
        {"option past the header", ipv4({.options = hex("94050000")}).udp(1, 2).build(),
         "ipv4 17 10.0.0.1:1 -> 10.0.0.2:2", "UDP 1 -> 2", true},
        {"version 5", ipv4({.version = 5}).udp(1, 2).build(), "ipv4", "IPv4", true},
        {"header of 16 bytes", ipv4({.header_words = 4}).udp(1, 2).build(), "ipv4", "IPv4", true},
        {"header past the packet", ipv4({.header_words = 15}).udp(1, 2).build(),
         "ipv4 17 10.0.0.1 -> 10.0.0.2", "IPv4", true},
        {"total length below the header", ipv4({.total_length = 19}).udp(1, 2).build(),
         "ipv4 17 10.0.0.1 -> 10.0.0.2", "IPv4", true},
        {"total length past the packet", ipv4({.total_length = 200}).udp(1, 2).build(),
         "ipv4 17 10.0.0.1:1 -> 10.0.0.2:2", "UDP 1 -> 2", true},
        {"total length left to the card", ipv4({.total_length = 0}).udp(1, 2).build(),
         "ipv4 17 10.0.0.1:1 -> 10.0.0.2:2", "UDP 1 -> 2", false},
        {"unknown protocol", ipv4({.protocol = 253}).payload("x").build(), "ipv4 253 10.0.0.1 -> 10.0.0.2",
         "IPv4 protocol 253", false},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(c.frame);
        EXPECT_EQ(reading.ends, c.ends) << c.name;
        EXPECT_EQ(reading.summary, c.summary) << c.name;
        EXPECT_EQ(reading.malformed, c.malformed) << c.name;
    }
}

TEST(Ipv4, LengthBeyondTheSnapshotIsNotMalformed) {
    const Bytes frame = ipv4({}).udp(1, 9).payload(Bytes(500)).build();
    EXPECT_FALSE(read_packet(cut(frame, 60), 1, frame.size()).malformed);
    EXPECT_TRUE(read_packet(cut(frame, 60), 1, frame.size() - 1).malformed);  // short even on the wire
}

TEST(Ipv4, FirstFragmentIsDissectedAsCut) {
    const PacketReading reading =
        read_packet(ipv4({.more_fragments = true}).udp(1, 53, 2000).payload(Bytes(40)).build());
    EXPECT_EQ(reading.ends, "ipv4 17 10.0.0.1:1 -> 10.0.0.2:53");
    EXPECT_FALSE(reading.malformed);
}

TEST(Ipv4, LaterFragmentHasNoPorts) {
    const PacketReading reading =
        read_packet(ipv4({.id = 0xABCD, .fragment_offset = 1480, .more_fragments = true, .protocol = 6})
                        .payload(Bytes(40))
                        .build());
    EXPECT_EQ(reading.ends, "ipv4 6 10.0.0.1 -> 10.0.0.2");
    EXPECT_EQ(reading.summary, "IPv4 fragment offset 1480 of id 0xabcd, TCP");
    EXPECT_EQ(reading.fields, "");
}

TEST(Ipv4, NumbersOfTheHeader) {
    Bytes frame = ipv4({.ttl = 3, .id = 0xABCD, .dont_fragment = true}).udp(1, 2).build();
    frame[14 + 1] = std::byte{0xB9};  // expedited forwarding, ECT(1)
    const HeaderFields headers = read_packet(frame).headers;
    EXPECT_EQ(headers.hop_limit, 3);
    EXPECT_EQ(headers.identification, 0xABCD);
    EXPECT_EQ(headers.fragment, kDontFragment);
    EXPECT_EQ(headers.traffic_class, 0xB9);
    const PacketReading later = read_packet(
        ipv4({.fragment_offset = 1480, .more_fragments = true, .protocol = 6}).payload("x").build());
    EXPECT_EQ(later.headers.fragment, kMoreFragments | 185);
    EXPECT_EQ(later.layers, "eth:ethertype:ip:data");
}

TEST(Ipv4, TheOutermostHeaderIsTheRecords) {
    const PacketReading reading = read_packet(
        ipv4({.ttl = 3, .id = 1}).ipv4("10.1.0.1", "10.1.0.2", {.ttl = 9, .id = 2}).udp(1, 2).build());
    EXPECT_EQ(reading.headers.hop_limit, 3);
    EXPECT_EQ(reading.headers.identification, 1);
    EXPECT_EQ(reading.headers.udp_length, 8);
    EXPECT_EQ(reading.layers, "eth:ethertype:ip:ip:udp");
}

TEST(Ipv4, IsRecognisedByItsChecks) {
    const Bytes right = PacketBuilder().ipv4().udp(1, 2).payload("x").build();
    struct Case {
        std::string_view name;
        std::size_t at;
        std::string_view bytes;
    };
    const Case wrong[] = {
        {"version", 0, "55"},  {"no room for itself", 0, "44"},   {"more words than there are", 0, "4f"},
        {"length", 2, "0013"}, {"more than there is", 2, "001e"}, {"checksum", 10, "0000"},
    };
    EXPECT_TRUE(is_ipv4(Cursor(right)));
    EXPECT_TRUE(is_ipv4(Cursor(join({right, Bytes(18)})))) << "padding";
    EXPECT_TRUE(is_ipv4(Cursor::of_frame(std::span(right).first(20), right.size()))) << "cut behind it";
    EXPECT_FALSE(is_ipv4(Cursor(std::span(right).first(20)))) << "its payload is missing";
    EXPECT_FALSE(is_ipv4(Cursor::of_frame(std::span(right).first(19), right.size()))) << "cut in it";
    for (const Case& c : wrong) {
        Bytes bytes = right;
        std::ranges::copy(hex(c.bytes), bytes.begin() + static_cast<std::ptrdiff_t>(c.at));
        EXPECT_FALSE(is_ipv4(Cursor(bytes))) << c.name;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
