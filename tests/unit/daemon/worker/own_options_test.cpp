#include "daemon/worker/own_options.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "daemon/dissect/dissect.h"
#include "proto/words/filter.h"
#include "tests/support/packet_builder.h"

namespace packetsentry::worker {
namespace {

using base::PacketFilter;
using test::Bytes;
using test::cut;
using test::hex;
using test::PacketBuilder;
using Words = std::vector<std::string_view>;

PacketFilter of_word(const proto::FilterWord& word) {
    return {.kinds = {word.kinds.begin(), word.kinds.end()}};
}
PacketFilter of_word(std::string_view name) {
    return of_word(*std::ranges::find(proto::filter_words(), name, &proto::FilterWord::name));
}
PacketFilter with_address(std::string_view text, int bits) {
    return {.address = base::AddressPrefix{*base::parse_ip(text), bits}};
}
PacketFilter with_port(std::uint16_t port) {
    return {.port = port};
}

bool asks_for(const PacketFilter& options, const Bytes& frame, Unknown unknown = Unknown::fails,
              std::uint32_t link_type = 1) {
    const auto packet = std::make_unique<dissect::Dissection>();  // larger than a stack is for
    constexpr std::size_t kWire = 1500;
    const std::size_t wire = unknown == Unknown::passes ? kWire : frame.size();
    dissect::dissect(frame, wire, link_type, *packet);
    return passes(options, *packet, unknown);
}

PacketBuilder ethernet() {
    return PacketBuilder().ethernet();
}

struct Sample {
    const char* name;
    Bytes frame;
    Words words;  // all that ask for it
};

const std::vector<Sample>& samples() {
    const auto udp = [](std::uint16_t port) { return ethernet().ipv4().udp(port, 40000).build(); };
    const auto tcp = [](std::uint16_t port) { return ethernet().ipv6().tcp(40000, port).build(); };
    static const std::vector<Sample> all{
        {"UDP", udp(1), {"udp", "ip"}},
        {"TCP", tcp(1), {"tcp", "ip6"}},
        {"SCTP", ethernet().ipv4().sctp(1, 2).build(), {"sctp", "ip"}},
        {"SCTP of a web port", ethernet().ipv4().sctp(80, 53).build(), {"sctp", "ip"}},
        {"ICMP", ethernet().ipv4().icmp(8, 0).build(), {"icmp", "ip"}},
        {"ICMP of IPv6's number", ethernet().ipv6().icmp(8, 0).build(), {"ip6"}},
        {"ICMPv6", ethernet().ipv6().icmpv6(128, 0).build(), {"icmp6", "ip6"}},
        {"ARP", ethernet().arp(1, "10.0.0.1", "10.0.0.2").build(), {"arp"}},
        {"ARP of another network",
         PacketBuilder()
             .ethernet(test::kSourceMac, test::kDestinationMac, 0x0806)
             .payload(hex("0001 6003 0602 0001 020000000001 0001 020000000002 0002"))
             .build(),
         {"arp"}},
        {"DNS", udp(53), {"udp", "ip", "dns"}},
        {"DNS over TCP", tcp(53), {"tcp", "ip6", "dns"}},
        {"mDNS", udp(5353), {"udp", "ip", "mdns"}},
        {"LLMNR", udp(5355), {"udp", "ip", "llmnr"}},
        {"LLMNR over TCP", tcp(5355), {"tcp", "ip6", "llmnr"}},
        {"HTTP", tcp(80), {"tcp", "ip6", "http"}},
        {"HTTPS", tcp(443), {"tcp", "ip6", "http", "tls"}},
        {"DNS over TLS", tcp(853), {"tcp", "ip6", "tls"}},
        {"QUIC", udp(443), {"udp", "ip", "quic"}},
        {"DHCP", udp(67), {"udp", "ip", "dhcp"}},
        {"DHCP to a client", udp(68), {"udp", "ip", "dhcp"}},
        {"DHCPv6", udp(547), {"udp", "ip", "dhcp6"}},
        {"DHCPv6 to a client", udp(546), {"udp", "ip", "dhcp6"}},
        {"NTP", udp(123), {"udp", "ip", "ntp"}},
        {"SSH", tcp(22), {"tcp", "ip6", "ssh"}},
        {"behind extension headers",
         ethernet().ipv6().hop_by_hop().destination_options().udp(1, 53).build(),
         {"udp", "ip6", "dns"}},
        {"behind six tags",
         ethernet().vlan(1).vlan(2).vlan(3).vlan(4).vlan(5).vlan(6).ipv4().udp(1, 53).build(),
         {"udp", "ip", "dns"}},
        {"in a pseudowire",
         ethernet().mpls({16}).payload(hex("00000000")).ethernet().ipv4().udp(1, 53).build(),
         {"udp", "ip", "dns"}},
        {"in a tunnel", ethernet().ipv4().gre().ipv6().udp(1, 53).build(), {"ip"}},
        {"a later fragment",
         ethernet()
             .ipv4("10.0.0.1", "10.0.0.2", {.fragment_offset = 8, .protocol = 17})
             .payload(hex("0035 0035 0008 0000"))
             .build(),
         {"udp", "ip"}},
        {"no IP", ethernet().payload("x").build(), {}},
    };
    return all;
}

TEST(OwnOptions, EachWordMeansWhatTheDissectorSays) {
    for (const Sample& sample : samples()) {
        for (const proto::FilterWord& word : proto::filter_words()) {
            const bool wanted = std::ranges::find(sample.words, word.name) != sample.words.end();
            EXPECT_EQ(asks_for(of_word(word), sample.frame), wanted) << sample.name << " -f " << word.name;
        }
    }
    // There is a sample of each word.
    for (const proto::FilterWord& word : proto::filter_words())
        EXPECT_TRUE(std::ranges::any_of(samples(), [&](const Sample& sample) {
            return std::ranges::find(sample.words, word.name) != sample.words.end();
        })) << word.name;
}

TEST(OwnOptions, TheLinkTypeMakesNoDifference) {
    const PacketFilter dns = of_word("dns");
    for (const std::uint16_t port : {std::uint16_t{53}, std::uint16_t{54}}) {
        const bool wanted = port == 53;
        const auto check = [&](PacketBuilder begin, std::uint32_t link_type) {
            EXPECT_EQ(asks_for(dns, begin.ipv4().udp(4000, port).build(), Unknown::fails, link_type), wanted)
                << "link type " << link_type;
        };
        check(PacketBuilder().payload(hex("0f000800")), 104);
        check(PacketBuilder().ieee80211_data().snap(), 105);
        check(PacketBuilder().payload(hex("184103cc")), 107);
        check(PacketBuilder().radiotap().ieee80211_data().snap(), 127);
        check(PacketBuilder().payload(hex("00000800 01000000")).ethernet(), 192);
        check(PacketBuilder().nflog(), 239);
    }
}

TEST(OwnOptions, AnAddressIsAtEitherEnd) {
    const Bytes four = ethernet().ipv4("192.0.2.7", "198.51.100.7").udp(1, 2).build();
    EXPECT_TRUE(asks_for(with_address("192.0.2.7", 32), four));
    EXPECT_TRUE(asks_for(with_address("198.51.100.7", 32), four));
    EXPECT_TRUE(asks_for(with_address("198.51.100.0", 29), four));
    EXPECT_FALSE(asks_for(with_address("198.51.100.0", 30), four));
    EXPECT_TRUE(asks_for(with_address("0.0.0.0", 0), four));
    EXPECT_FALSE(asks_for(with_address("::", 0), four));
    const Bytes six = ethernet().ipv6("2001:db8::1", "2001:db8::2").udp(1, 2).build();
    EXPECT_TRUE(asks_for(with_address("2001:db8::2", 128), six));
    EXPECT_TRUE(asks_for(with_address("2001:db8::2", 127), six));
    EXPECT_FALSE(asks_for(with_address("2001:db8::3", 128), six));
    EXPECT_FALSE(asks_for(with_address("2001:db8:8000::", 33), six));
    const Bytes arp = ethernet().arp(1, "10.0.0.1", "10.0.0.2").build();
    EXPECT_TRUE(asks_for(with_address("10.0.0.2", 32), arp));
    EXPECT_FALSE(asks_for(with_address("10.0.0.3", 32), arp));
}

TEST(OwnOptions, PartsAreAllAskedFor) {
    PacketFilter all = of_word("dns");
    all.address = with_address("192.0.2.7", 32).address;
    all.port = 4000;
    EXPECT_TRUE(asks_for(all, ethernet().ipv4("192.0.2.7").udp(4000, 53).build()));
    EXPECT_FALSE(asks_for(all, ethernet().ipv4("192.0.2.7").udp(4001, 53).build()));
    EXPECT_FALSE(asks_for(all, ethernet().ipv4("192.0.2.7").udp(4000, 54).build()));
    EXPECT_FALSE(asks_for(all, ethernet().ipv4("192.0.2.8").udp(4000, 53).build()));
    EXPECT_TRUE(asks_for(with_port(4000), ethernet().ipv4().sctp(1, 4000).build()));
    EXPECT_FALSE(asks_for(with_port(1), ethernet().ipv4().icmp(8, 0, 0x10001).build()));
    EXPECT_FALSE(asks_for(with_port(1), ethernet().arp(1, "10.0.0.1", "10.0.0.2").build()));
    EXPECT_TRUE(asks_for({}, ethernet().payload("x").build()));
}

// What is truncated is unknown from there on, and what stands before that is not.
TEST(OwnOptions, WhatIsUnknownFailsOrPasses) {
    const Bytes frame = ethernet().ipv6().hop_by_hop().udp(4000, 53).build();
    // The sizes are those of the Ethernet header, of all before the transport, and of what lies between.
    for (const std::size_t size : {14U, 20U, 54U, 58U, 62U, 64U}) {
        const Bytes truncated = cut(frame, size);
        for (const PacketFilter& options : {of_word("dns"), with_port(4000), with_port(54)}) {
            EXPECT_FALSE(asks_for(options, truncated)) << size;
            EXPECT_TRUE(asks_for(options, truncated, Unknown::passes)) << size;
        }
        EXPECT_EQ(asks_for(of_word("http"), truncated, Unknown::passes), size < 62) << size;
        EXPECT_EQ(asks_for(with_address("2001:db8::9", 128), truncated, Unknown::passes), size < 54) << size;
        EXPECT_FALSE(asks_for(of_word("ip"), truncated, Unknown::passes)) << size;
    }
    EXPECT_FALSE(asks_for(with_port(54), frame, Unknown::passes));
}

}  // namespace
}  // namespace packetsentry::worker
