#include "tests/support/sample_packets.h"

#include "tests/support/sample_applications.h"

namespace packetsentry::test {
namespace {

using SamplePackets = std::vector<SamplePacket>;

PacketBuilder ethernet() {
    return PacketBuilder().ethernet();
}

TcpHeader syn() {
    return {.flags = TcpHeader::kSyn, .options = hex("020405b4 0402 080a 00000001 00000000 01 030307")};
}

void add_link_layers(SamplePackets& samples) {
    const Bytes ping = text("abcdefgh");
    samples.push_back({"vlan", ethernet().vlan(7).ipv4().udp(1, 2).payload("x").build(), "UDP 1 -> 2"});
    samples.push_back(
        {"qinq", ethernet().vlan(100, 0x88A8).vlan(7).ipv4().udp(1, 2).payload("x").build(), "UDP 1 -> 2"});
    samples.push_back(
        {"mpls", ethernet().mpls({16, 17}).ipv4().udp(1, 2).payload("x").build(), "UDP 1 -> 2"});
    samples.push_back(
        {"mpls pseudowire",
         ethernet().mpls({16}).payload(hex("00000000")).ethernet().ipv4().udp(1, 2).payload("x").build(),
         "UDP 1 -> 2"});
    samples.push_back(
        {"stp",
         PacketBuilder()
             .ethernet_802_3()
             .llc(0x42, 0x42)
             .payload(hex(
                 "0000 02 02 3c 8000 020000000001 00000000 8000 020000000001 8001 0000 1400 0200 0f00 00"))
             .build(),
         "STP Rapid"});
    samples.push_back(
        {"cdp", PacketBuilder().ethernet_802_3().snap(0x00000C, 0x2000).payload("x").build(), "CDP"});
    samples.push_back({"llc", PacketBuilder().ethernet_802_3().llc(0x98, 0x98).payload("x").build(),
                       "LLC SAP 0x98 -> 0x98"});
    samples.push_back({"lldp",
                       PacketBuilder()
                           .ethernet(kSourceMac, "01:80:c2:00:00:0e", 0x88CC)
                           .payload(hex("0207 04 020000000001 0000"))
                           .build(),
                       "LLDP", 1, 14});
    samples.push_back({"unknown ethertype",
                       PacketBuilder().ethernet(kSourceMac, kDestinationMac, 0x88B5).payload("x").build(),
                       "Ethernet type 0x88b5", 1, 14});
    samples.push_back({"pppoe discovery", ethernet().pppoe_discovery(0x09).payload(hex("0101 0000")).build(),
                       "PPPoE PADI"});
    samples.push_back(
        {"pppoe session", ethernet().pppoe_session().ipv4().udp(1, 2).payload("x").build(), "UDP 1 -> 2"});
    samples.push_back({"lcp", ethernet().pppoe_session(1, 0xC021).payload(hex("01 05 0008 01040578")).build(),
                       "LCP Configure-Request id 5"});
    samples.push_back({"linux cooked",
                       PacketBuilder().linux_sll().ipv4().icmp(8, 0, 0x00010002).payload(ping).build(),
                       "ICMP Echo request id 1 seq 2", 113});
    samples.push_back({"linux cooked 2",
                       PacketBuilder().linux_sll2(3).ipv6().icmpv6(128, 0, 0x00010002).payload(ping).build(),
                       "ICMPv6 Echo request id 1 seq 2", 276});
    samples.push_back({"null loopback",
                       PacketBuilder().null_loopback(2, true).ipv4().udp(1, 2).payload("x").build(),
                       "UDP 1 -> 2", 0});
    samples.push_back({"loop", PacketBuilder().null_loopback(24, false).ipv6().udp(1, 2).payload("x").build(),
                       "UDP 1 -> 2", 108});
    samples.push_back({"raw ipv4", PacketBuilder().ipv4().udp(1, 2).payload("x").build(), "UDP 1 -> 2", 101});
    samples.push_back({"raw ipv6", PacketBuilder().ipv6().udp(1, 2).payload("x").build(), "UDP 1 -> 2", 12});
    samples.push_back({"802.11 data",
                       PacketBuilder().ieee80211_data().snap().ipv4().udp(1, 2).payload("x").build(),
                       "UDP 1 -> 2", 105});
    samples.push_back({"802.11 beacon", PacketBuilder().ieee80211(0, 8).payload(Bytes(12)).build(),
                       "802.11 Beacon", 105, 16});
    samples.push_back({"radiotap",
                       PacketBuilder()
                           .radiotap(hex("00000000"))
                           .ieee80211_data()
                           .snap()
                           .ipv4()
                           .udp(1, 2)
                           .payload("x")
                           .build(),
                       "UDP 1 -> 2", 127});
    samples.push_back({"unknown link type", hex("00"), "LINK type 9999", 9999, 0});
}

void add_network_layers(SamplePackets& samples) {
    samples.push_back({"arp request", ethernet().arp(1, "192.168.1.1", "192.168.1.2").build(),
                       "ARP who-has 192.168.1.2 tell 192.168.1.1"});
    samples.push_back({"arp reply", ethernet().arp(2, "192.168.1.2", "192.168.1.1").build(),
                       "ARP 192.168.1.2 is-at 02:00:00:00:00:01"});
    samples.push_back({"ipv4 options",
                       ethernet()
                           .ipv4("10.0.0.1", "10.0.0.2", {.options = hex("94040000 01")})
                           .udp(1, 2)
                           .payload("x")
                           .build(),
                       "UDP 1 -> 2"});
    samples.push_back({"ipv4 first fragment",
                       ethernet()
                           .ipv4("10.0.0.1", "10.0.0.2", {.more_fragments = true})
                           .udp(1, 2, 2000)
                           .payload(Bytes(32))
                           .build(),
                       "UDP 1 -> 2"});
    samples.push_back({"ipv4 later fragment",
                       ethernet()
                           .ipv4("10.0.0.1", "10.0.0.2", {.fragment_offset = 1480, .protocol = 17})
                           .payload(Bytes(32))
                           .build(),
                       "IPv4 fragment offset 1480 of id 0x1234, UDP"});
    samples.push_back({"ospf",
                       ethernet().ipv4("10.0.0.1", "224.0.0.5", {.protocol = 89}).payload(Bytes(24)).build(),
                       "OSPF"});
    samples.push_back({"ipv4 authentication",
                       ethernet().ipv4().authentication().udp(1, 2).payload("x").build(), "UDP 1 -> 2"});
    samples.push_back({"ipv6 extensions",
                       ethernet()
                           .ipv6()
                           .hop_by_hop()
                           .routing()
                           .destination_options()
                           .authentication()
                           .udp(1, 2)
                           .payload("x")
                           .build(),
                       "UDP 1 -> 2"});
    samples.push_back({"ipv6 first fragment",
                       ethernet().ipv6().ipv6_fragment(0, true, 9).udp(1, 2, 2000).payload(Bytes(32)).build(),
                       "UDP 1 -> 2"});
    samples.push_back({"ipv6 later fragment",
                       ethernet().ipv6().ipv6_fragment(1448, false, 9, 17).payload(Bytes(32)).build(),
                       "IPv6 fragment offset 1448 of id 0x9, UDP"});
}

void add_transport_layers(SamplePackets& samples) {
    samples.push_back({"tcp syn", ethernet().ipv4().tcp(12345, 80, syn()).build(), "TCP 12345 -> 80 [SYN]"});
    samples.push_back({"tcp data", ethernet().ipv6().tcp(12345, 9999).payload("data").build(),
                       "TCP 12345 -> 9999 [PSH,ACK] 4 bytes"});
    samples.push_back({"udp", ethernet().ipv4().udp(4000, 5000).payload("data").build(), "UDP 4000 -> 5000"});
    samples.push_back(
        {"sctp", ethernet().ipv4().sctp(2000, 3000).payload(hex("01 00 0014")).payload(Bytes(16)).build(),
         "SCTP 2000 -> 3000 INIT"});
    samples.push_back(
        {"icmp port unreachable",
         ethernet().ipv4("8.8.8.8", "10.0.0.1").icmp(3, 3).ipv4("10.0.0.1", "8.8.8.8").udp(4000, 53).build(),
         "ICMP Destination unreachable (port) for UDP to 8.8.8.8 port 53"});
    samples.push_back({"icmpv6 packet too big",
                       ethernet()
                           .ipv6("2001:db8::9", "2001:db8::1")
                           .icmpv6(2, 0, 1280)
                           .ipv6("2001:db8::1", "2001:db8::2")
                           .udp(4000, 53)
                           .build(),
                       "ICMPv6 Packet too big MTU 1280 for UDP to 2001:db8::2 port 53"});
    samples.push_back({"neighbor solicitation",
                       ethernet()
                           .ipv6("fe80::1", "ff02::1:ff00:2")
                           .icmpv6(135, 0)
                           .payload(hex("fe800000000000000000000000000002 0101020000000001"))
                           .build(),
                       "ICMPv6 Neighbor solicitation fe80::2"});
    samples.push_back({"igmp", ethernet().ipv4("10.0.0.1", "224.0.0.251").igmp(0x16, "224.0.0.251").build(),
                       "IGMP Membership report v2 224.0.0.251"});
}

void add_tunnels(SamplePackets& samples) {
    samples.push_back({"gre",
                       ethernet()
                           .ipv4("10.0.0.1", "10.0.0.2")
                           .gre({.key = 5, .sequence = 6, .checksum = true})
                           .ipv4("172.16.0.1", "172.16.0.2")
                           .tcp(1, 2)
                           .build(),
                       "TCP gre 172.16.0.1:1 -> 172.16.0.2:2 [PSH,ACK]"});
    samples.push_back({"vxlan",
                       ethernet()
                           .ipv4("10.0.0.1", "10.0.0.2")
                           .udp(50000, 4789)
                           .vxlan(42)
                           .ethernet()
                           .ipv6("fd00::1", "fd00::2")
                           .udp(1, 2)
                           .payload("x")
                           .build(),
                       "UDP 50000 -> 4789 vxlan [fd00::1]:1 -> [fd00::2]:2"});
    samples.push_back({"ip in ip",
                       ethernet()
                           .ipv4("10.0.0.1", "10.0.0.2")
                           .ipv4("172.16.0.1", "172.16.0.2")
                           .icmp(8, 0, 0x00010001)
                           .build(),
                       "ICMP ipip 172.16.0.1 -> 172.16.0.2 Echo request id 1 seq 1"});
    samples.push_back({"6in4",
                       ethernet().ipv4("10.0.0.1", "10.0.0.2").ipv6("fd00::1", "fd00::2").sctp(1, 2).build(),
                       "SCTP"});
}

// Of a host's or a serial line's own link types.
void add_more_link_layers(SamplePackets& samples) {
    const Bytes packet = PacketBuilder().ipv4().udp(1, 2).payload("x").build();
    const Bytes snap = PacketBuilder().snap().ipv4().udp(1, 2).payload("x").build();
    const auto add = [&](std::string_view name, std::uint32_t link_type, std::string_view header,
                         const Bytes& inside, std::string_view summary) {
        samples.push_back({name, join({hex(header), inside}), summary, link_type});
    };
    add("ppi", 192, "00000c00 01000000 01020304", PacketBuilder().ethernet().ipv4().udp(1, 2).build(),
        "UDP 1 -> 2");
    add("cisco hdlc", 104, "0f00 0800", packet, "UDP 1 -> 2");
    add("frame relay", 107, "1841 03 cc", packet, "UDP 1 -> 2");
    add("fddi", 10, "50 020000000002 020000000001", snap, "UDP 1 -> 2");
    add("token ring", 6, "1040 020000000002 820000000001 0670 00110022", snap, "UDP 1 -> 2");
    add("vsock", 271, "0200000000000000 0300000000000000 00040000 88130000 0100 0200 0000 0000", {},
        "vsock 2:1024 -> 3:5000 Connect");
    add("usb", 189,
        "0000000000000000 530201 05 0300 00 00 0000000000000000 00000000 00000000 08000000 08000000 "
        "8006000100001200",
        {}, "USB 3.5.1 control out Submit 8 bytes");
}

void add_virtual_networks(SamplePackets& samples) {
    const auto udp = [](std::uint16_t port) {
        return ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(50000, port);
    };
    const auto gre = [](GreHeader header) { return ethernet().ipv4("10.0.0.1", "10.0.0.2").gre(header); };
    const auto type = [](std::uint16_t number) {
        return PacketBuilder().ethernet(kSourceMac, kDestinationMac, number);
    };
    const auto add = [&](std::string_view name, PacketBuilder around, std::string_view summary) {
        samples.push_back(
            {name, around.ipv4("172.16.0.1", "172.16.0.2").udp(1, 2).payload("x").build(), summary});
    };
    add("geneve", udp(6081).geneve(7, hex("01020001 00000000")).ethernet(),
        "UDP 50000 -> 6081 geneve 172.16.0.1:1 -> 172.16.0.2:2");
    add("vxlan-gpe", udp(4790).payload(hex("0c000004 00000700 0fc20201 000010ff")),
        "UDP 50000 -> 4790 nsh 172.16.0.1:1 -> 172.16.0.2:2");
    add("gtp", udp(2152).gtp(9, hex("00000085 01 1009 00")),
        "UDP 50000 -> 2152 gtp 172.16.0.1:1 -> 172.16.0.2:2");
    add("l2tp", udp(1701).payload(hex("4b02 0000 0001 0001 0000 0000 0002 0000 0021")),
        "UDP 50000 -> 1701 l2tp 172.16.0.1:1 -> 172.16.0.2:2");
    add("l2tp 3", udp(1701).payload(hex("0003 0000 00000001 00000000")).ethernet(),
        "UDP 50000 -> 1701 l2tpv3 172.16.0.1:1 -> 172.16.0.2:2");
    add("nvgre", gre({.key = 0x700}).ethernet(), "UDP nvgre 172.16.0.1:1 -> 172.16.0.2:2");
    add("erspan 3",
        gre({.sequence = 1, .type = 0x22EB}).payload(hex("2000000a 00000001 00000000")).ethernet(),
        "UDP erspan 172.16.0.1:1 -> 172.16.0.2:2");
    add("wccp", gre({.type = 0x883E}).payload(hex("00000102")), "UDP wccp 172.16.0.1:1 -> 172.16.0.2:2");
    add("pbb", type(0x88E7).payload(hex("00 000007")).ethernet(), "UDP 1 -> 2");
    add("fabricpath", type(0x8903).payload(hex("0060")).ethernet(), "UDP 1 -> 2");
    add("e-tag", type(0x893F).payload(hex("0000 1001 0000 0800")), "UDP 1 -> 2");
    add("vn-tag", type(0x8926).payload(hex("8001 0002 0800")), "UDP 1 -> 2");
    samples.push_back({"teredo",
                       udp(3544)
                           .payload(hex("0000 1234 c0000201"))
                           .ipv6("2001:0:4137:9e50::1", "2001:db8::2")
                           .udp(1, 2)
                           .payload("x")
                           .build(),
                       "UDP 50000 -> 3544 teredo [2001:0:4137:9e50::1]:1 -> [2001:db8::2]:2"});
    samples.push_back({"wireguard", udp(51820).payload(join({hex("02000000"), Bytes(88)})).build(),
                       "WireGuard Handshake response"});
}

void add_applications(SamplePackets& samples) {
    for (const SampleApplication& sample : sample_applications()) {
        PacketBuilder packet = ethernet().ipv4();
        if (sample.tcp)
            packet.tcp(40000, sample.port);
        else
            packet.udp(40000, sample.port);
        samples.push_back({sample.name, packet.payload(sample.payload).build(), sample.summary});
    }
}

}  // namespace

const std::vector<SamplePacket>& sample_packets() {
    static const SamplePackets all = [] {
        SamplePackets samples;
        add_link_layers(samples);
        add_network_layers(samples);
        add_transport_layers(samples);
        add_tunnels(samples);
        add_more_link_layers(samples);
        add_virtual_networks(samples);
        add_applications(samples);
        return samples;
    }();
    return all;
}

}  // namespace packetsentry::test
