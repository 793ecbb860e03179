#include "daemon/dissect/ipv6.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

PacketBuilder ipv6(Ipv6Header header) {
    return PacketBuilder().ethernet().ipv6("2001:db8::1", "fe80::2", header);
}

TEST(Ipv6, Headers) {
    struct Case {
        std::string_view name;
        Bytes frame;
        std::string_view ends;
        std::string_view summary;
        bool malformed;
    };
    const Case cases[] = {
        {"plain", ipv6({}).tcp(1, 2).build(), "ipv6 6 2001:db8::1:1 -> fe80::2:2", "TCP 1 -> 2 [PSH,ACK]",
         false},
        {"version 4", ipv6({.version = 4}).tcp(1, 2).build(), "ipv6", "IPv6", true},
        {"payload past the packet", ipv6({.payload_length = 21}).tcp(1, 2).build(),
         "ipv6 6 2001:db8::1:1 -> fe80::2:2", "TCP 1 -> 2 [PSH,ACK]", true},
        {"payload left to the card", ipv6({.payload_length = 0}).tcp(1, 2).build(),
         "ipv6 6 2001:db8::1:1 -> fe80::2:2", "TCP 1 -> 2 [PSH,ACK]", false},
        {"padding", join({ipv6({}).tcp(1, 2).build(), Bytes(6)}), "ipv6 6 2001:db8::1:1 -> fe80::2:2",
         "TCP 1 -> 2 [PSH,ACK]", false},
        {"nothing inside", ipv6({.next_header = 59}).build(), "ipv6 59 2001:db8::1 -> fe80::2", "IPv6-NoNxt",
         false},
        {"unknown protocol", ipv6({.next_header = 253}).payload("x").build(),
         "ipv6 253 2001:db8::1 -> fe80::2", "IPv6 protocol 253", false},
    };
    for (const Case& c : cases) {
        const PacketReading reading = read_packet(c.frame);
        EXPECT_EQ(reading.ends, c.ends) << c.name;
        EXPECT_EQ(reading.summary, c.summary) << c.name;
        EXPECT_EQ(reading.malformed, c.malformed) << c.name;
    }
}

TEST(Ipv6, PaddingIsNoPayloadThatWasLeftToTheCard) {
    const auto bytes_of = [](std::size_t behind) {
        const Bytes frame =
            join({ipv6({.next_header = 99, .payload_length = 0}).payload("").build(), Bytes(behind)});
        Dissection out;
        dissect(frame, frame.size(), 1, out);
        return out.ip_bytes;
    };
    EXPECT_EQ(bytes_of(6), 40U);
    EXPECT_EQ(bytes_of(200), 240U);
}

TEST(Ipv6, Fragments) {
    const PacketReading first =
        read_packet(ipv6({}).ipv6_fragment(0, true, 0xBEEF).udp(1, 2, 3000).payload(Bytes(32)).build());
    EXPECT_EQ(first.ends, "ipv6 17 2001:db8::1:1 -> fe80::2:2");
    EXPECT_FALSE(first.malformed);
    const PacketReading later =
        read_packet(ipv6({}).ipv6_fragment(1448, false, 0xBEEF, 17).payload(Bytes(32)).build());
    EXPECT_EQ(later.ends, "ipv6 17 2001:db8::1 -> fe80::2");
    EXPECT_EQ(later.summary, "IPv6 fragment offset 1448 of id 0xbeef, UDP");
    const PacketReading only = read_packet(ipv6({}).ipv6_fragment(0, false, 1).udp(1, 2, 3000).build());
    EXPECT_TRUE(only.malformed);  // nothing else is to come
}

TEST(Ipv6, NumbersOfTheHeader) {
    Bytes frame = ipv6({.hop_limit = 3}).udp(1, 2).build();
    frame[14] = std::byte{0x6B};  // expedited forwarding, ECT(0)
    frame[15] = std::byte{0xA0};
    const PacketReading reading = read_packet(frame);
    EXPECT_EQ(reading.headers.hop_limit, 3);
    EXPECT_EQ(reading.headers.traffic_class, 0xBA);
    EXPECT_EQ(reading.headers.fragment, 0);
    EXPECT_EQ(reading.layers, "eth:ethertype:ipv6:udp");
}

TEST(Ipv6, NumbersOfTheFragmentHeader) {
    const PacketReading later =
        read_packet(ipv6({}).ipv6_fragment(1448, true, 0xBEEF, 17).payload(Bytes(32)).build());
    EXPECT_EQ(later.headers.fragment, kFragmentHeader | kMoreFragments | 181);
    EXPECT_EQ(later.fields, "packetsentry.ip.fragment_id=48879");
    EXPECT_EQ(later.layers, "eth:ethertype:ipv6:ipv6.fraghdr:data");
    const PacketReading only = read_packet(ipv6({}).ipv6_fragment(0, false, 1).udp(1, 2).build());
    EXPECT_EQ(only.headers.fragment, kFragmentHeader);
    EXPECT_EQ(only.layers, "eth:ethertype:ipv6:ipv6.fraghdr:udp");
}

TEST(Ipv6, IsRecognisedByItsLength) {
    const auto of = [](std::uint16_t length, std::size_t there, std::uint8_t version = 6) {
        const Bytes bytes = PacketBuilder()
                                .ipv6("2001:db8::1", "2001:db8::2",
                                      {.next_header = 17, .payload_length = length, .version = version})
                                .payload(Bytes(there))
                                .build();
        return is_ipv6(Cursor(bytes));
    };
    EXPECT_TRUE(of(20, 20));
    EXPECT_TRUE(of(1, 7)) << "padding";
    EXPECT_FALSE(of(20, 19));
    EXPECT_FALSE(of(20, 31));
    EXPECT_FALSE(of(0, 0));
    EXPECT_FALSE(of(20, 20, 4));
}

TEST(Ipv6, KnowsTheChecksumOfWhatItCarries) {
    const auto packet = [] { return PacketBuilder().ipv6("2001:db8::1", "2001:db8::2"); };
    EXPECT_TRUE(carries_right_checksum(Cursor(packet().udp(1, 2).payload("odd").build())));
    EXPECT_TRUE(carries_right_checksum(Cursor(packet().tcp(1, 2).payload("even").build())));
    EXPECT_TRUE(carries_right_checksum(Cursor(packet().icmpv6(128, 0, 7).build())));
    EXPECT_FALSE(carries_right_checksum(Cursor(packet().sctp(1, 2).build()))) << "it has another one";
    EXPECT_FALSE(carries_right_checksum(Cursor(packet().hop_by_hop().udp(1, 2).build()))) << "not directly";
    Bytes wrong = packet().udp(1, 2).payload("odd").build();
    EXPECT_FALSE(carries_right_checksum(Cursor(cut(wrong, wrong.size() - 1))));
    wrong.back() ^= std::byte{1};
    EXPECT_FALSE(carries_right_checksum(Cursor(wrong)));
}

}  // namespace
}  // namespace packetsentry::dissect
