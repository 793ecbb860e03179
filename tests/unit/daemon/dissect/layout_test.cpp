#include "daemon/dissect/layout.h"

#include <gtest/gtest.h>

#include "daemon/dissect/dissect.h"
#include "tests/support/packet_builder.h"
#include "tests/support/sample_packets.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::hex;
using test::PacketBuilder;
using Kind = Layout::Kind;

Layout layout_of(const Bytes& frame, std::size_t wire_bytes, std::uint32_t link_type = 1) {
    Layout layout;
    Dissection out;
    dissect(frame, wire_bytes, link_type, out, &layout);
    return layout;
}

std::string places_text(const Layout& layout) {
    constexpr std::string_view kNames[] = {"ipv4",   "ipv6",   "mac",    "id",  "opaque",
                                           "ip4opt", "ip6opt", "tcpopt", "sum", "ip4"};
    std::string text;
    for (const Layout::Place& place : layout.places())
        text += std::string(kNames[static_cast<std::size_t>(place.kind)]) + "@" +
                std::to_string(place.offset) + "+" + std::to_string(place.size) + " ";
    return text;
}

TEST(Layout, WhereHeadersEndAndAddressesStand) {
    const std::string eth = "mac@6+6 mac@0+6 ";
    const std::string ip = "ipv4@26+4 ipv4@30+4 ";
    const std::string ip6 = "ipv6@22+16 ipv6@38+16 ";
    struct Case {
        std::string_view name;
        Bytes frame;
        std::size_t header_end;
        std::size_t payload;
        std::string places;
        std::uint32_t link_type = 1;
    };
    const Case cases[] = {
        {"udp", PacketBuilder().ethernet().ipv4().udp().payload("secret").build(), 42, 6,
         eth + ip + "ip4@14+20 sum@40+2 "},
        {"udp with padding behind",
         test::join({PacketBuilder().ethernet().ipv4().udp().payload("ab").build(), hex("0000")}), 42, 2,
         eth + ip + "ip4@14+20 sum@40+2 "},
        {"tcp with options",
         PacketBuilder().ethernet().ipv4().tcp(1, 2, {.options = hex("020405b4")}).payload("x").build(), 58,
         1, eth + ip + "ip4@14+20 sum@50+2 tcpopt@54+4 "},
        {"tcp shorter than itself",
         PacketBuilder().ethernet().ipv4().tcp(1, 2, {.header_words = std::uint8_t{4}}).payload("x").build(),
         34, 0, eth + ip + "ip4@14+20 "},
        {"tcp of which the ports are there",
         test::cut(PacketBuilder().ethernet().ipv4().tcp(1, 2, {.header_words = std::uint8_t{4}}).build(),
                   40),
         38, 0, eth + ip + "ip4@14+20 "},
        {"ipv4 options",
         PacketBuilder().ethernet().ipv4("1.2.3.4", "5.6.7.8", {.options = hex("94040000")}).udp().build(),
         46, 0, eth + ip + "ip4opt@34+4 ip4@14+24 sum@44+2 "},
        {"later fragment",
         PacketBuilder()
             .ethernet()
             .ipv4("1.2.3.4", "5.6.7.8", {.fragment_offset = 8, .protocol = 17})
             .payload("x")
             .build(),
         34, 0, eth + ip + "ip4@14+20 "},
        {"protocol nobody reads",
         PacketBuilder().ethernet().ipv4("1.2.3.4", "5.6.7.8", {.protocol = 253}).payload("x").build(), 34, 0,
         eth + ip + "ip4@14+20 "},
        {"routing header",
         PacketBuilder()
             .ethernet()
             .ipv6()
             .routing(hex("0001 00000000 20010db8000000000000000000000009"))
             .udp()
             .build(),
         86, 0, eth + "opaque@58+4 id@62+16 " + ip6 + "sum@84+2 "},
        {"destination options",
         PacketBuilder()
             .ethernet()
             .ipv6()
             .destination_options(hex("c910 20010db8000000000000000000000009"))
             .udp()
             .build(),
         86, 0, eth + "ip6opt@56+22 " + ip6 + "sum@84+2 "},
        {"arp", PacketBuilder().ethernet().arp(1, "10.0.0.1", "10.0.0.2").build(), 42, 0,
         eth + "mac@22+6 mac@32+6 ipv4@28+4 ipv4@38+4 "},
        {"redirect", PacketBuilder().ethernet().ipv4().icmp(5, 1, 0x0a000001).payload("quoted").build(), 42,
         6, eth + ip + "ip4@14+20 sum@36+2 ipv4@38+4 "},
        {"neighbor solicitation",
         PacketBuilder()
             .ethernet()
             .ipv6()
             .icmpv6(135, 0)
             .payload(hex("fe800000000000000000000000000001 0101 020000000001"))
             .build(),
         78, 8, eth + ip6 + "sum@56+2 opaque@58+4 ipv6@62+16 "},
        {"vxlan",
         PacketBuilder()
             .ethernet()
             .ipv4()
             .udp(1, 4789)
             .vxlan(7)
             .ethernet()
             .ipv4()
             .udp(1, 2)
             .payload("x")
             .build(),
         92, 1, eth + ip + "ip4@14+20 sum@40+2 mac@56+6 mac@50+6 ipv4@76+4 ipv4@80+4 ip4@64+20 sum@90+2 "},
        {"cooked", PacketBuilder().linux_sll().ipv4().udp().build(), 44, 0,
         "mac@6+6 opaque@12+2 ipv4@28+4 ipv4@32+4 ip4@16+20 sum@42+2 ", 113},
        {"link type nobody reads", hex("0102030405"), 0, 0, "", 147},
    };
    for (const Case& c : cases) {
        const Layout layout = layout_of(c.frame, c.frame.size(), c.link_type);
        EXPECT_EQ(layout.header_end(), c.header_end) << c.name;
        EXPECT_EQ(layout.payload(), c.payload) << c.name;
        EXPECT_EQ(places_text(layout), c.places) << c.name;
    }
}

TEST(Layout, NeverReachesBehindTheFrame) {
    for (const test::SamplePacket& sample : test::sample_packets())
        for (std::size_t size = 0; size <= sample.frame.size(); ++size) {
            const Bytes frame = test::cut(sample.frame, size);
            const Layout layout = layout_of(frame, sample.frame.size(), sample.link_type);
            ASSERT_LE(layout.header_end() + layout.payload(), size) << sample.name << " cut to " << size;
            for (const Layout::Place& place : layout.places()) ASSERT_LE(place.offset + place.size, size);
        }
}

TEST(Layout, EndsAtAnAddressThatCannotBeNoted) {
    const Bytes frame(100);
    const std::span<const std::byte> bytes(frame);
    Layout layout;
    layout.begin(bytes);
    for (std::size_t i = 0; i < Layout::kPlaceLimit; ++i) layout.note(Kind::mac, bytes.subspan(i, 1));
    layout.payload_begins(bytes.subspan(90));
    EXPECT_EQ(layout.header_end(), 90U);
    EXPECT_EQ(layout.payload(), 10U);
    layout.note(Kind::mac, bytes.subspan(60, 6));
    layout.payload_begins(bytes.subspan(95));
    EXPECT_EQ(layout.header_end(), 60U);
    EXPECT_EQ(layout.payload(), 0U);
}

TEST(Layout, EndsBeforeACopiedAddress) {
    const Bytes frame(100), copy(4);
    Layout layout;
    layout.begin(frame);
    layout.header_ends(std::span(frame).subspan(14));
    layout.note(Kind::ipv4, copy);
    layout.header_ends(std::span(frame).subspan(34));
    EXPECT_EQ(layout.header_end(), 14U);
}

TEST(Layout, ClosedItEndsWhereItDid) {
    const Bytes frame(100);
    const std::span<const std::byte> bytes(frame);
    Layout layout;
    layout.begin(bytes);
    layout.payload_begins(bytes.subspan(42));
    layout.close();
    layout.header_ends(bytes.subspan(70));
    layout.payload_begins(bytes.subspan(80));
    EXPECT_EQ(layout.header_end(), 42U);
    EXPECT_EQ(layout.payload(), 58U);
    // An address in a header that stays is noted when its dissector comes to it, as IPv6's behind extensions.
    layout.note(Kind::ipv6, bytes.subspan(22, 16));
    layout.note(Kind::mac, bytes.subspan(50, 6));
    EXPECT_EQ(places_text(layout), "ipv6@22+16 ");
    layout.begin(bytes);
    layout.header_ends(bytes.subspan(14));
    EXPECT_EQ(layout.header_end(), 14U);
}

}  // namespace
}  // namespace packetsentry::dissect
