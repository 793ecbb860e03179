// Packets that strangers can make long.
#include <algorithm>
#include <array>

#include "tests/growth/hostile_input.h"

namespace packetsentry::growth {
namespace {

using test::Bytes;
using test::PacketBuilder;

void add(Bytes& bytes, std::string_view characters) {
    const Bytes more = test::text(characters);
    bytes.insert(bytes.end(), more.begin(), more.end());
}

void add16(Bytes& bytes, std::size_t value) {
    bytes.push_back(static_cast<std::byte>(value >> 8));
    bytes.push_back(static_cast<std::byte>(value));
}

Bytes dns_head(std::size_t answers) {
    Bytes bytes = test::hex("0001 8180 0000");
    add16(bytes, answers);
    add16(bytes, 0);
    add16(bytes, 0);
    return bytes;
}

// Each name is a label and a pointer to the name before.
Bytes dns_pointers(std::size_t size) {
    Bytes bytes = dns_head(size / 16);
    std::size_t before = 0;
    for (std::size_t i = 0; i < size / 16; ++i) {
        const std::size_t here = bytes.size();
        add(bytes, std::string_view("\1a", 2));
        if (before == 0 || before > 0x3fff)
            bytes.push_back(std::byte{0});
        else
            add16(bytes, 0xc000 + before);
        before = here;
        const Bytes rest = test::hex("0001 0001 00000000 0004 01020304");
        bytes.insert(bytes.end(), rest.begin(), rest.end());
    }
    return bytes;
}

Bytes dns_texts(std::size_t size) {
    Bytes bytes = dns_head(size / 76);
    for (std::size_t i = 0; i < size / 76; ++i) {
        bytes.push_back(std::byte{63});
        add(bytes, std::string(63, 'x'));
        const Bytes rest = test::hex("00 0010 0001 00000000 0001 00");
        bytes.insert(bytes.end(), rest.begin(), rest.end());
    }
    return bytes;
}

Bytes http_lines(std::size_t size) {
    Bytes bytes = test::text("GET / HTTP/1.1\r\n");
    while (bytes.size() < size) add(bytes, "A: b\r\n");
    return bytes;
}

Bytes http_one_line(std::size_t size) {
    return test::text("GET /" + std::string(size, 'a'));
}

Bytes tls_extensions(std::size_t size) {
    Bytes extensions;
    while (extensions.size() + 4 < size) add16(extensions, 0x1234), add16(extensions, 0);
    Bytes hello = test::hex("0303");
    hello.resize(hello.size() + 32);
    const Bytes middle = test::hex("00 0002 1301 0100");
    hello.insert(hello.end(), middle.begin(), middle.end());
    add16(hello, extensions.size());
    hello.insert(hello.end(), extensions.begin(), extensions.end());
    Bytes bytes = test::hex("16 0301");
    add16(bytes, hello.size() + 4);
    bytes.push_back(std::byte{1});
    bytes.push_back(std::byte{0});
    add16(bytes, hello.size());
    bytes.insert(bytes.end(), hello.begin(), hello.end());
    return bytes;
}

Bytes http_empty_lines(std::size_t size) {
    return test::join({test::text(std::string(size, '\n')), test::text("GET / HTTP/1.1\r\n")});
}

// A piece as often as it takes.
Bytes repeat(std::size_t size, std::string_view piece) {
    const Bytes one = test::hex(piece);
    Bytes bytes;
    while (bytes.size() < size) bytes.insert(bytes.end(), one.begin(), one.end());
    return bytes;
}

// BOOTREQUEST, an Ethernet address, no names, the cookie; host names of one letter.
Bytes dhcp_options(std::size_t size) {
    Bytes head = test::hex("01 01 06 00");
    head.resize(236);
    return test::join({head, test::hex("63825363"), repeat(size, "0c 01 61")});
}

Bytes dhcpv6_options(std::size_t size) {
    return test::join({test::hex("01 000001"), repeat(size, "0008 0002 0000")});
}

Bytes ssdp_lines(std::size_t size) {
    Bytes bytes = test::text("NOTIFY * HTTP/1.1\r\n");
    while (bytes.size() < size) add(bytes, "A: b\r\n");
    return bytes;
}

// An Initial packet of version 1 whose token is that long.
Bytes quic_token(std::size_t size) {
    Bytes bytes = test::hex("c3 00000001 08 0102030405060708 00");
    add16(bytes, 0x4000 | size);
    return test::join({bytes, Bytes(size), test::hex("04 01020304")});
}

// Handshake packets of 20 bytes, one behind the other in a datagram.
Bytes quic_coalesced(std::size_t size) {
    return repeat(size, "e3 00000001 08 0102030405060708 00 04 01020304");
}

Bytes tls_records(std::size_t size) {
    return repeat(size, "14 0303 0001 01");
}
// In a record, or in several.
Bytes tls_messages(std::size_t size) {
    Bytes bytes = test::hex("16 0303");
    const Bytes messages = repeat(size, "0E 000000");
    add16(bytes, messages.size());
    return test::join({bytes, messages});
}

// Answers without a question.
Bytes dns_messages(std::size_t size) {
    return repeat(size, "000C 1234 8005 0000 0000 0000 0000");
}
// The last of the additional records is the one that is looked for.
Bytes dns_additional(std::size_t size) {
    Bytes bytes = test::hex("0001 8180 0000 0000 0000");
    const Bytes records = repeat(size, "00 0001 0001 00000000 0004 01020304");
    add16(bytes, records.size() / 15 + 1);
    return test::join({bytes, records, test::hex("00 0029 0400 00000000 0000")});
}

// Further values behind the addresses.
Bytes proxy_values(std::size_t size) {
    Bytes bytes = test::hex("0D0A0D0A000D0A515549540A 2111");
    const Bytes values = repeat(size, "04 0001 00");
    add16(bytes, 12 + values.size());
    return test::join(
        {bytes, test::hex("CB007105 C6336401 0FA0 0050"), values, test::text("GET / HTTP/1.1\r\n")});
}

Bytes over_udp(const Bytes& payload, std::uint16_t port) {
    return PacketBuilder().ethernet().ipv4().udp(port, 40000).payload(payload).build();
}
Bytes over_tcp(const Bytes& payload, std::uint16_t port) {
    return PacketBuilder().ethernet().ipv4().tcp(40000, port).payload(payload).build();
}

Bytes vlan_tags(std::size_t size) {
    PacketBuilder builder;
    builder.ethernet();
    for (std::size_t i = 0; i < size / 4; ++i) builder.vlan(1);
    return builder.ipv4().udp().build();
}
Bytes label_stack(std::size_t size) {
    return test::join({PacketBuilder().ethernet(test::kSourceMac, test::kDestinationMac, 0x8847).build(),
                       repeat(size, "00010040")});
}
PacketBuilder& add_extension_headers(PacketBuilder& builder, std::size_t size) {
    for (std::size_t i = 0; i < size / 8; ++i) builder.destination_options();
    return builder.udp();
}
Bytes extension_headers(std::size_t size) {
    PacketBuilder builder;
    return add_extension_headers(builder.ethernet().ipv6(), size).build();
}
// Within an error message about them.
Bytes quoted_headers(std::size_t size) {
    PacketBuilder quoted;
    const Bytes bytes = add_extension_headers(quoted.ipv6(), size).build();
    return PacketBuilder().ethernet().ipv6().icmpv6(1, 0).payload(bytes).build();
}
// Options of two bytes, in headers as long as their length can say.
Bytes ipv6_options(std::size_t size) {
    constexpr std::size_t kMost = 2040;
    PacketBuilder builder;
    builder.ethernet().ipv6();
    for (std::size_t left = size; left > 0; left -= std::min(left, kMost))
        builder.destination_options(repeat(std::min(left, kMost), "1e00"));
    return builder.udp(4000, 4001).build();
}
// The header's, in packets within packets.
Bytes ipv4_options(std::size_t size) {
    PacketBuilder builder;
    builder.ethernet();
    for (std::size_t i = 0; i < size / 60; ++i)
        builder.ipv4("192.0.2.1", "192.0.2.2", {.options = repeat(40, "9e02")});
    return builder.udp().build();
}
// 40 bytes are all there can be: 4, and tenfold.
Bytes tcp_options(std::size_t size) {
    return PacketBuilder().ethernet().ipv4().tcp(4000, 4001, {.options = repeat(size / 150, "fd02")}).build();
}
// A router's advertisement.
Bytes neighbour_options(std::size_t size) {
    return PacketBuilder()
        .ethernet()
        .ipv6()
        .icmpv6(134, 0)
        .payload(test::join({Bytes(8), repeat(size, "0501 0000 00000500")}))
        .build();
}
Bytes tunnels(std::size_t size) {
    PacketBuilder builder;
    builder.ethernet();
    for (std::size_t i = 0; i < size / 20; ++i) builder.ipv4();
    return builder.udp().build();
}
Bytes beacon(std::size_t elements) {
    return test::join({PacketBuilder().ieee80211(0, 8).build(), Bytes(12), repeat(elements, "00 01 61")});
}
// Words that say that another follows.
Bytes radiotap_words(std::size_t size) {
    const Bytes words = repeat(size, "00000080");
    const std::size_t length = 4 + words.size() + 4;
    Bytes head = test::hex("0000");
    head.push_back(static_cast<std::byte>(length));
    head.push_back(static_cast<std::byte>(length >> 8));
    return test::join({head, words, Bytes(4), beacon(0)});
}

}  // namespace

std::span<const FrameKind> frame_kinds() {
    static constexpr std::array kKinds{
        FrameKind{"dns-pointers", "DNS", [](std::size_t size) { return over_udp(dns_pointers(size), 53); }},
        FrameKind{"dns-names", "DNS", [](std::size_t size) { return over_udp(dns_texts(size), 53); }},
        FrameKind{"dns-messages", "DNS", [](std::size_t size) { return over_tcp(dns_messages(size), 53); }},
        FrameKind{"dns-additional", "DNS",
                  [](std::size_t size) { return over_udp(dns_additional(size), 53); }},
        FrameKind{"http-empty-lines", "HTTP",
                  [](std::size_t size) { return over_tcp(http_empty_lines(size), 80); }},
        FrameKind{"proxy-values", "HTTP", [](std::size_t size) { return over_tcp(proxy_values(size), 80); }},
        FrameKind{"tls-records", "TLS", [](std::size_t size) { return over_tcp(tls_records(size), 443); }},
        FrameKind{"tls-messages", "TLS", [](std::size_t size) { return over_tcp(tls_messages(size), 443); }},
        FrameKind{"http-lines", "HTTP", [](std::size_t size) { return over_tcp(http_lines(size), 80); }},
        FrameKind{"http-one-line", "HTTP",
                  [](std::size_t size) { return over_tcp(http_one_line(size), 80); }},
        FrameKind{"ssdp-lines", "SSDP", [](std::size_t size) { return over_udp(ssdp_lines(size), 1900); }},
        FrameKind{"tls-extensions", "TLS",
                  [](std::size_t size) { return over_tcp(tls_extensions(size), 443); }},
        FrameKind{"dhcp-options", "DHCP", [](std::size_t size) { return over_udp(dhcp_options(size), 67); }},
        FrameKind{"dhcpv6-options", "DHCPv6",
                  [](std::size_t size) { return over_udp(dhcpv6_options(size), 547); }},
        FrameKind{"quic-token", "QUIC", [](std::size_t size) { return over_udp(quic_token(size), 443); }},
        FrameKind{"quic-coalesced", "QUIC",
                  [](std::size_t size) { return over_udp(quic_coalesced(size), 443); }},
        FrameKind{"vlan-tags", "VLAN", vlan_tags},
        FrameKind{"label-stack", "MPLS", label_stack},
        FrameKind{"extension-headers", "IPv6", extension_headers},
        FrameKind{"quoted-headers", "ICMPv6", quoted_headers},
        FrameKind{"ipv6-options", "UDP", ipv6_options},
        FrameKind{"ipv4-options", "IPv4", ipv4_options},
        FrameKind{"tcp-options", "TCP", tcp_options},
        FrameKind{"neighbour-options", "ICMPv6", neighbour_options},
        FrameKind{"tunnels", "IPv4", tunnels},
        FrameKind{"radiotap-words", "802.11", radiotap_words, kRadiotap},
        FrameKind{"beacon-elements", "802.11", beacon, kIeee80211},
        FrameKind{"redact-payload", "HTTP",
                  [](std::size_t size) { return over_tcp(http_one_line(size), 80); }, kEthernet, true},
        FrameKind{"redact-ipv6-options", "UDP", ipv6_options, kEthernet, true},
        FrameKind{"redact-ipv4-options", "IPv4", ipv4_options, kEthernet, true},
        FrameKind{"redact-tunnels", "IPv4", tunnels, kEthernet, true},
    };
    return kKinds;
}

}  // namespace packetsentry::growth
