#include "daemon/dissect/tcp.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using namespace test;  // NOLINT: the builder's words

PacketReading segment(TcpHeader header, std::string_view payload = "") {
    return read_packet(PacketBuilder().ethernet().ipv4().tcp(1, 2, header).payload(payload).build());
}

TEST(Tcp, Flags) {
    struct Case {
        std::uint8_t flags;
        std::string_view text;
    };
    for (const Case c : {Case{0x02, "SYN"}, Case{0x12, "SYN,ACK"}, Case{0x10, "ACK"}, Case{0x18, "PSH,ACK"},
                         Case{0x11, "FIN,ACK"}, Case{0x14, "RST,ACK"}, Case{0xC2, "SYN,ECE,CWR"},
                         Case{0x00, ""}, Case{0xFF, "FIN,SYN,RST,PSH,ACK,URG,ECE,CWR"}}) {
        const PacketReading reading = segment({.flags = c.flags});
        EXPECT_EQ(reading.headers.tcp_flags, kTcpHeader | c.flags);
        EXPECT_EQ(reading.summary, "TCP 1 -> 2 [" + std::string(c.text) + "]");
        EXPECT_FALSE(reading.malformed);
    }
}

TEST(Tcp, PayloadIsCounted) {
    EXPECT_EQ(segment({}, "\x01\x02\x03").summary, "TCP 1 -> 2 [PSH,ACK] 3 bytes");
    const Bytes frame = PacketBuilder().ethernet().ipv4().tcp(1, 2).payload(Bytes(1000)).build();
    EXPECT_EQ(read_packet(cut(frame, 60), 1, frame.size()).summary, "TCP 1 -> 2 [PSH,ACK] 1000 bytes");
}

// In a tunnel the line also tells of the inner conversation.
TEST(Tcp, TextIsPutTogetherOnlyWhereTheHeaderDoesNotSayIt) {
    EXPECT_FALSE(segment({}, "\x01\x02\x03").has_detail);
    const auto outer = [] { return PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2"); };
    const PacketReading inner =
        read_packet(outer().gre().ipv4("172.16.0.1", "172.16.0.2").tcp(1, 2, {.flags = 0x02}).build());
    EXPECT_TRUE(inner.has_detail);
    EXPECT_EQ(inner.summary, "TCP gre 172.16.0.1:1 -> 172.16.0.2:2 [SYN]");
}

// Whatever the snapshot length leaves, within the options too.
TEST(Tcp, PayloadIsCountedWhereTheOptionsAreCut) {
    const TcpHeader syn{.flags = 0x02, .options = hex("020405b4 0402 080a 00000001 00000000 01 030307")};
    const Bytes frame = PacketBuilder().ethernet().ipv4().tcp(1, 80, syn).build();
    const Bytes longer = PacketBuilder().ethernet().ipv4().tcp(1, 80, syn).payload(Bytes(100)).build();
    ASSERT_EQ(frame.size(), 74U);
    for (std::size_t size = 54; size <= frame.size(); ++size) {
        EXPECT_EQ(read_packet(cut(frame, size), 1, frame.size()).summary, "TCP 1 -> 80 [SYN]") << size;
        EXPECT_EQ(read_packet(cut(longer, size), 1, longer.size()).summary, "TCP 1 -> 80 [SYN] 100 bytes");
    }
}

// What other fragments carry is not counted, and what the snapshot length cuts off this one is.
TEST(Tcp, PayloadOfAFirstFragmentIsCounted) {
    const Bytes frame = PacketBuilder()
                            .ethernet()
                            .ipv4("10.0.0.1", "10.0.0.2", {.more_fragments = true})
                            .tcp(1, 2)
                            .payload(Bytes(1000))
                            .build();
    for (const std::size_t size : {frame.size(), std::size_t{60}, std::size_t{54}}) {
        const PacketReading reading = read_packet(cut(frame, size), 1, frame.size());
        EXPECT_EQ(reading.summary, "TCP 1 -> 2 [PSH,ACK] 1000 bytes") << size;
        EXPECT_FALSE(reading.malformed);
    }
}

TEST(Tcp, Options) {
    struct Case {
        std::string_view name;
        TcpHeader header;
        bool malformed;
    };
    const Case cases[] = {
        {"none", {}, false},
        {"everyday", {.options = hex("020405b4 0402 080a 00000001 00000000 01 030307")}, false},
        {"end of list hides the rest", {.options = hex("00 02ff01")}, false},
        {"length 1", {.options = hex("0201 0101")}, true},
        {"length 0", {.options = hex("0800 0101")}, true},
        {"past the header", {.options = hex("0101 080a")}, true},
        {"a kind at the end", {.options = hex("010101 08")}, true},
        {"header of 16 bytes", {.header_words = 4}, true},
        {"header past the segment", {.header_words = 6}, true},
    };
    for (const Case& c : cases) {
        const PacketReading reading = segment(c.header);
        EXPECT_EQ(reading.malformed, c.malformed) << c.name;
        EXPECT_EQ(reading.ends, "ipv4 6 192.168.1.100:1 -> 8.8.8.8:2") << c.name;
        EXPECT_EQ(reading.headers.tcp_flags, kTcpHeader | 0x18) << c.name;
    }
}

TEST(Tcp, NumbersOfTheHeader) {
    const HeaderFields headers =
        segment({.flags = 0x10, .sequence = 0xFFFFFFFE, .acknowledgement = 7}, "abc").headers;
    EXPECT_EQ(headers.tcp_sequence, 0xFFFFFFFE);
    EXPECT_EQ(headers.tcp_acknowledgement, 7U);
    EXPECT_EQ(headers.tcp_window, 64240);
    EXPECT_EQ(headers.tcp_payload_bytes, 3);
    EXPECT_EQ(headers.tcp_timestamp, 0U);
    EXPECT_EQ(headers.udp_length, 0);
    EXPECT_EQ(read_packet(PacketBuilder().ethernet().ipv4().udp(1, 2).build()).headers.tcp_flags, 0);
}

// The ninth flag and the reserved bits stand beside the length of the header.
TEST(Tcp, AllTwelveBitsOfTheFlags) {
    Bytes frame = PacketBuilder().ethernet().ipv4().tcp(1, 2).build();
    constexpr std::size_t kLengthAt = 14 + 20 + 12;
    frame[kLengthAt] |= std::byte{0x0F};
    EXPECT_EQ(read_packet(frame).headers.tcp_flags, kTcpHeader | 0x0F18);
}

// Total length 0: the sender's card was to cut it into segments.
TEST(Tcp, MorePayloadThanARowCanTellIsMarked) {
    const auto packet = [](std::size_t size) {
        return read_packet(PacketBuilder()
                               .ethernet()
                               .ipv4("10.0.0.1", "10.0.0.2", {.total_length = std::uint16_t{0}})
                               .tcp(1, 2)
                               .payload(Bytes(size))
                               .build());
    };
    EXPECT_EQ(packet(65535).headers.tcp_payload_bytes, 65535);
    EXPECT_FALSE(packet(65535).incomplete);
    EXPECT_FALSE(packet(65535).has_detail);
    EXPECT_EQ(packet(65536).summary, "TCP 1 -> 2 [PSH,ACK] 65536 bytes");
    EXPECT_EQ(packet(65536).headers.tcp_payload_bytes, 65535);
    EXPECT_TRUE(packet(65536).incomplete);
}

TEST(Tcp, TheOutermostHeaderIsTheRecords) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet()
                                                  .ipv4()
                                                  .gre()
                                                  .ipv4()
                                                  .tcp(1, 2, {.sequence = 5, .options = hex("020405b4")})
                                                  .build());
    EXPECT_EQ(reading.headers.tcp_sequence, 5U);
    EXPECT_NE(reading.fields.find("packetsentry.tcp.mss=1460"), std::string::npos) << reading.fields;
    EXPECT_EQ(reading.layers, "eth:ethertype:ip:gre:ip:tcp");
}

TEST(Tcp, LayersOfItsPayload) {
    EXPECT_EQ(segment({}).layers, "eth:ethertype:ip:tcp");
    EXPECT_EQ(segment({}, "x").layers, "eth:ethertype:ip:tcp:data");
}

TEST(Tcp, PortsAreReadWhereTheRestIsCut) {
    const Bytes frame = PacketBuilder().ethernet().ipv4().tcp(1, 2).build();
    EXPECT_EQ(read_packet(cut(frame, 38), 1, frame.size()).ends, "ipv4 6 192.168.1.100:1 -> 8.8.8.8:2");
    EXPECT_EQ(read_packet(cut(frame, 37), 1, frame.size()).ends, "ipv4 6 192.168.1.100 -> 8.8.8.8");
}

TEST(Tcp, HandsItsPayloadOn) {
    const PacketReading reading = read_packet(PacketBuilder()
                                                  .ethernet()
                                                  .ipv4()
                                                  .tcp(12345, 80)
                                                  .payload("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n")
                                                  .build());
    EXPECT_EQ(reading.word, "HTTP");
    EXPECT_EQ(reading.layers, "eth:ethertype:ip:tcp:http");
    EXPECT_EQ(reading.summary.substr(0, 21), "TCP 12345 -> 80 GET /");
}

// What the dissection has of the payload, as text; also after another packet whose payload was longer.
std::string kept_payload(const Bytes& frame, std::size_t wire_bytes) {
    static Dissection out;  // a large one
    const Bytes before =
        PacketBuilder().ethernet().ipv4().tcp(1, 2).payload("what an earlier packet has carried").build();
    dissect(before, before.size(), 1, out);
    EXPECT_EQ(out.tcp_payload.size(), 34U);
    dissect(frame, wire_bytes, 1, out);
    const auto kept = out.tcp_payload;
    if (!kept.empty()) {
        EXPECT_GE(kept.data(), frame.data());
        EXPECT_LE(kept.data() + kept.size(), frame.data() + frame.size());
    }
    return {reinterpret_cast<const char*>(kept.data()), kept.size()};
}

std::string kept_payload(const Bytes& frame) {
    return kept_payload(frame, frame.size());
}

TEST(Tcp, KeepsItsPayload) {
    const auto ipv4 = [](Ipv4Header header = {}) {
        return PacketBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2", header);
    };
    struct Case {
        std::string_view name;
        Bytes frame;
        std::string payload;
    };
    const Case cases[] = {
        {"some", ipv4().tcp(1, 2).payload("abc").build(), "abc"},
        {"none", ipv4().tcp(1, 2).build(), ""},
        {"behind options", ipv4().tcp(1, 2, {.options = hex("020405b4")}).payload("abc").build(), "abc"},
        {"before what fills the frame up", join({ipv4().tcp(1, 2).payload("abc").build(), Bytes(6)}), "abc"},
        {"none before what fills the frame up", join({ipv4().tcp(1, 2).build(), Bytes(6)}), ""},
        {"that another protocol reads", ipv4().tcp(1, 80).payload("GET / HTTP/1.1\r\n\r\n").build(),
         "GET / HTTP/1.1\r\n\r\n"},
        {"in IPv6", PacketBuilder().ethernet().ipv6().tcp(1, 2).payload("abc").build(), "abc"},
        {"in a tunnel", ipv4().gre().ipv4().tcp(1, 2).payload("abc").build(), "abc"},
        {"in a first fragment", ipv4({.more_fragments = true}).tcp(1, 2).payload("abcdefgh").build(),
         "abcdefgh"},
        {"a later fragment", ipv4({.fragment_offset = 8}).tcp(1, 2).payload("abc").build(), ""},
        {"a header too short", ipv4().tcp(1, 2, {.header_words = 4}).payload("abc").build(), ""},
        {"a header past the segment", ipv4().tcp(1, 2, {.header_words = 6}).payload("abc").build(), ""},
        {"another transport", ipv4().udp(1, 2).payload("abc").build(), ""},
    };
    for (const Case& c : cases) EXPECT_EQ(kept_payload(c.frame), c.payload) << c.name;
}

TEST(Tcp, KeepsWhatIsCapturedOfItsPayload) {
    const std::string text = "abcdefghij";
    const Bytes frame = PacketBuilder().ethernet().ipv4().tcp(1, 2).payload(text).build();
    constexpr std::size_t kHeaders = 14 + 20 + 20;
    ASSERT_EQ(frame.size(), kHeaders + text.size());
    for (std::size_t size = 34; size <= frame.size(); ++size)
        EXPECT_EQ(kept_payload(cut(frame, size), frame.size()),
                  text.substr(0, size < kHeaders ? 0 : size - kHeaders))
            << size;
}

}  // namespace
}  // namespace packetsentry::dissect
