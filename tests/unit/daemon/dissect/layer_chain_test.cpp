#include "daemon/dissect/layer_chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/support/sample_packets.h"
#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

TEST(LayerChain, EachLayerHasANameOfItsOwn) {
    std::set<std::string_view> names;
    for (int i = 2; i <= static_cast<int>(LayerName::wlan_radio); ++i) {
        const std::string_view name = layer_text(static_cast<LayerName>(i));
        EXPECT_FALSE(name.empty()) << i;
        EXPECT_TRUE(names.insert(name).second) << name;
    }
    EXPECT_EQ(layer_text(LayerName::none), "");
    EXPECT_EQ(layer_text(LayerName::by_protocol), "");
    EXPECT_EQ(layer_text(static_cast<LayerName>(250)), "");
}

TEST(LayerChain, IsBounded) {
    LayerChain chain;
    for (std::size_t i = 0; i < LayerChain::kLimit; ++i) EXPECT_TRUE(chain.add(LayerName::vlan));
    const std::uint64_t hash = chain.hash();
    EXPECT_FALSE(chain.add(LayerName::vlan));
    EXPECT_EQ(chain.names().size(), LayerChain::kLimit);
    EXPECT_EQ(chain.hash(), hash);
}

TEST(LayerChain, TheFirstEthertypeIsThePackets) {
    LayerChain chain;
    chain.add(LayerName::eth);
    const std::uint64_t hash = chain.hash();
    chain.note_ethertype(0x8100);
    EXPECT_NE(chain.hash(), hash);
    const std::uint64_t tagged = chain.hash();
    chain.note_ethertype(0x0800);
    EXPECT_EQ(chain.ethertype(), 0x8100);
    EXPECT_EQ(chain.latest_ethertype(), 0x0800);
    EXPECT_EQ(chain.hash(), tagged);
    chain.clear();
    EXPECT_EQ(chain.ethertype(), 0);
    EXPECT_EQ(chain.latest_ethertype(), 0);
    EXPECT_EQ(chain.hash(), LayerChain().hash());
    EXPECT_TRUE(chain.names().empty());
}

TEST(LayerChain, TellsOrdersApart) {
    LayerChain one, other;
    one.add(LayerName::ip);
    one.add(LayerName::gre);
    other.add(LayerName::gre);
    other.add(LayerName::ip);
    EXPECT_NE(one.hash(), other.hash());
}

TEST(LayerChain, ALongerChainThanThereIsRoomForMarksThePacket) {
    test::PacketBuilder builder;
    builder.ethernet();
    for (int i = 0; i < 40; ++i) builder.vlan(1);
    const PacketReading reading = read_packet(builder.ipv4().udp(1, 2).build());
    EXPECT_TRUE(reading.incomplete);
    EXPECT_TRUE(reading.layers.starts_with("eth:ethertype:vlan:ethertype:vlan:ethertype:")) << reading.layers;
}

// As tshark 4.0 prints frame.protocols of the same packets.
TEST(LayerChain, OfSamplesAsWiresharkHasThem) {
    struct Case {
        std::string_view sample;
        std::string_view layers;
    };
    constexpr Case cases[] = {
        Case{"vlan", "eth:ethertype:vlan:ethertype:ip:udp:data"},
        Case{"qinq", "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:udp:data"},
        Case{"mpls", "eth:ethertype:mpls:ip:udp:data"},
        Case{"stp", "eth:llc:stp"},
        Case{"cdp", "eth:llc:cdp"},
        Case{"lldp", "eth:ethertype:lldp"},
        Case{"unknown ethertype", "eth:ethertype:data"},
        Case{"pppoe discovery", "eth:ethertype:pppoed"},
        Case{"pppoe session", "eth:ethertype:pppoes:ppp:ip:udp:data"},
        Case{"lcp", "eth:ethertype:pppoes:ppp:lcp"},
        Case{"linux cooked", "sll:ethertype:ip:icmp:data"},
        Case{"linux cooked 2", "sll:ethertype:ipv6:icmpv6:data"},
        Case{"null loopback", "null:ip:udp:data"},
        Case{"loop", "null:ipv6:udp:data"},
        Case{"raw ipv4", "raw:ip:udp:data"},
        Case{"802.11 data", "wlan:llc:ip:udp:data"},
        Case{"802.11 beacon", "wlan"},
        Case{"radiotap", "radiotap:wlan_radio:wlan:llc:ip:udp:data"},
        Case{"unknown link type", ""},
        Case{"arp request", "eth:ethertype:arp"},
        Case{"ipv4 later fragment", "eth:ethertype:ip:data"},
        Case{"ospf", "eth:ethertype:ip:ospf"},
        Case{"ipv4 authentication", "eth:ethertype:ip:ah:udp:data"},
        Case{"ipv6 later fragment", "eth:ethertype:ipv6:ipv6.fraghdr:data"},
        Case{"tcp syn", "eth:ethertype:ip:tcp"},
        Case{"tcp data", "eth:ethertype:ipv6:tcp:data"},
        Case{"icmp port unreachable", "eth:ethertype:ip:icmp:ip:udp"},
        Case{"icmpv6 packet too big", "eth:ethertype:ipv6:icmpv6:ipv6:udp"},
        Case{"neighbor solicitation", "eth:ethertype:ipv6:icmpv6"},
        Case{"gre", "eth:ethertype:ip:gre:ip:tcp"},
        Case{"vxlan", "eth:ethertype:ip:udp:vxlan:eth:ethertype:ipv6:udp:data"},
        Case{"ip in ip", "eth:ethertype:ip:ip:icmp"},
        Case{"6in4", "eth:ethertype:ip:ipv6:sctp"},
        Case{"cisco hdlc", "chdlc:ip:udp:data"},
        Case{"frame relay", "fr:ip:udp:data"},
        Case{"fddi", "fddi:llc:ip:udp:data"},
        Case{"token ring", "tr:llc:ip:udp:data"},
        Case{"vsock", "vsock"},
        Case{"usb", "usb"},
        Case{"geneve", "eth:ethertype:ip:udp:geneve:eth:ethertype:ip:udp:data"},
        Case{"gtp", "eth:ethertype:ip:udp:gtp:ip:udp:data"},
        Case{"teredo", "eth:ethertype:ip:udp:teredo:ipv6:udp:data"},
        Case{"nvgre", "eth:ethertype:ip:gre:eth:ethertype:ip:udp:data"},
        Case{"erspan 3", "eth:ethertype:ip:gre:erspan:eth:ethertype:ip:udp:data"},
        Case{"wccp", "eth:ethertype:ip:gre:ip:udp:data"},
        Case{"pbb", "eth:ethertype:ieee8021ah:ethertype:ip:udp:data"},
        Case{"e-tag", "eth:ethertype:etag:ethertype:ip:udp:data"},
        Case{"vn-tag", "eth:ethertype:vntag:ethertype:ip:udp:data"},
        Case{"wireguard", "eth:ethertype:ip:udp:wg"},
        Case{"dns answer", "eth:ethertype:ip:udp:dns"},
        Case{"dns over tcp", "eth:ethertype:ip:tcp:dns"},
        Case{"mdns announcement", "eth:ethertype:ip:udp:mdns"},
        Case{"llmnr", "eth:ethertype:ip:udp:llmnr"},
        Case{"http request", "eth:ethertype:ip:tcp:http"},
        Case{"ssdp", "eth:ethertype:ip:udp:ssdp"},
        Case{"ssh", "eth:ethertype:ip:tcp:ssh"},
        Case{"tls client hello", "eth:ethertype:ip:tcp:tls"},
        Case{"quic initial", "eth:ethertype:ip:udp:quic"},
        Case{"quic initial with a hello", "eth:ethertype:ip:udp:quic:tls"},
        Case{"dhcp", "eth:ethertype:ip:udp:dhcp"},
        Case{"dhcpv6", "eth:ethertype:ip:udp:dhcpv6"},
        Case{"ntp", "eth:ethertype:ip:udp:ntp"},
    };
    for (const Case& c : cases) {
        const auto& samples = test::sample_packets();
        const auto found = std::ranges::find(samples, c.sample, &test::SamplePacket::name);
        ASSERT_NE(found, samples.end()) << c.sample;
        EXPECT_EQ(read_packet(found->frame, found->link_type).layers, c.layers) << c.sample;
    }
}

}  // namespace
}  // namespace packetsentry::dissect
