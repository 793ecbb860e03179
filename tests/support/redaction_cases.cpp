#include "tests/support/redaction_cases.h"

#include <algorithm>
#include <string_view>

namespace packetsentry::test {
namespace {

using Cases = std::vector<RedactionCase>;
using Inside = RedactionCase::Inside;

constexpr std::string_view kSource = "203.0.113.5", kDestination = "203.0.113.6";
constexpr std::string_view kSource6 = "2001:db8:5::5", kDestination6 = "2001:db8:5::6";
constexpr std::string_view kInnerSource = "00:1b:21:5a:5b:5c", kInnerDestination = "6c:40:08:6a:6b:6c";

Bytes smuggled(std::size_t size) {
    return Bytes(size, kSmuggled);
}
Bytes then_smuggled(std::string_view digits, std::size_t size) {
    return join({hex(digits), smuggled(size)});
}

PacketBuilder frame(std::optional<std::uint16_t> type = {}) {
    return PacketBuilder().ethernet(kSourceMac, kDestinationMac, type);
}
PacketBuilder ipv4() {
    return frame().ipv4(kSource, kDestination);
}
PacketBuilder ipv6() {
    return frame().ipv6(kSource6, kDestination6);
}
// These are around a tunnel. The next layer tells the protocol unless it is given.
PacketBuilder outer(std::optional<std::uint8_t> protocol = {}) {
    return frame().ipv4("198.51.100.5", "198.51.100.6", {.protocol = protocol});
}
PacketBuilder outer6(std::optional<std::uint8_t> protocol = {}) {
    return frame().ipv6("2001:db8:6::5", "2001:db8:6::6", {.next_header = protocol});
}
PacketBuilder label() {
    return frame().mpls({5});
}

void append(Cases& cases, std::initializer_list<RedactionCase> more) {
    cases.insert(cases.end(), more);
}

void add_tunnels(Cases& cases) {
    append(
        cases,
        {{"vxlan", outer().udp(5, 4789).vxlan(7).ethernet(kInnerSource, kInnerDestination), 92, Inside::ipv4},
         {"vxlan over ipv6", outer6().udp(5, 4789).vxlan(7).ethernet(kInnerSource, kInnerDestination), 112,
          Inside::ipv4},
         {"vxlan, tagged inside",
          outer().udp(5, 4789).vxlan(7).ethernet(kInnerSource, kInnerDestination).vlan(9), 96, Inside::ipv4},
         {"vxlan in vxlan",
          outer()
              .udp(5, 4789)
              .vxlan(7)
              .ethernet(kInnerSource, kInnerDestination)
              .ipv4(kSource, kDestination)
              .udp(5, 4789)
              .vxlan(8)
              .ethernet(),
          142, Inside::ipv4},
         {"gre, ipv4", outer().gre(), 66, Inside::ipv4},
         {"gre, ipv6", outer().gre(), 86, Inside::ipv6},
         {"gre, ethernet", outer().gre().ethernet(kInnerSource, kInnerDestination), 80, Inside::ipv4},
         {"gre, vlan", outer().gre().vlan(5), 70, Inside::ipv4},
         {"gre, mpls", outer().gre().mpls({5}), 70, Inside::ipv4},
         {"gre, pppoe", outer().gre().pppoe_session(), 74, Inside::ipv4},
         {"gre with all its fields", outer().gre({.key = 1, .sequence = 2, .checksum = true}), 78,
          Inside::ipv4},
         {"gre over ipv6", outer6().gre(), 86, Inside::ipv4},
         {"pptp", outer(47).payload(hex("3081 880b 00600005 00000001 00000001 ff03 0021")), 82, Inside::ipv4},
         {"erspan 1", outer().gre({.type = 0x88BE}).ethernet(kInnerSource, kInnerDestination), 80,
          Inside::ipv4},
         {"erspan 2",
          outer()
              .gre({.sequence = 1, .type = 0x88BE})
              .payload(hex("1005 0001 00000000"))
              .ethernet(kInnerSource, kInnerDestination),
          92, Inside::ipv4},
         {"ipip", outer(), 62, Inside::ipv4},
         {"6in4", outer(), 82, Inside::ipv6},
         {"4in6", outer6(), 82, Inside::ipv4},
         {"6in6", outer6(), 102, Inside::ipv6},
         {"mpls in ip", outer().mpls({5}), 66, Inside::ipv4},
         {"ipv4 authentication", outer().authentication().udp(1, 2), 66},
         {"ipv6 authentication", outer6().authentication().udp(1, 2), 86},
         {"authentication of a tunnel", outer().authentication(), 86, Inside::ipv4},
         {"ipv6 extensions", outer6().hop_by_hop().routing().destination_options().udp(1, 2), 86}});
}

PacketBuilder with_frame(PacketBuilder around) {
    return around.ethernet(kInnerSource, kInnerDestination);
}

// Those whose headers have places in which somebody may write as well.
void add_virtual_networks(Cases& cases) {
    const auto geneve = [] { return outer().udp(5, 6081); };
    const auto gpe = [](std::string_view digits) { return outer().udp(5, 4790).payload(hex(digits)); };
    const auto user = [] { return outer().udp(5, 2152); };
    const auto l2tp = [](std::string_view digits) { return outer().udp(5, 1701).payload(hex(digits)); };
    const auto erspan3 = [](std::string_view digits) {
        return outer().gre({.sequence = 1, .type = 0x22EB}).payload(hex(digits));
    };
    const auto nsh = [](std::string_view digits) {
        return frame(0x894F).payload(join({hex(digits), smuggled(16)}));
    };
    append(
        cases,
        {{"geneve", with_frame(geneve().geneve(7)), 92, Inside::ipv4},
         {"geneve, ipv6", geneve().geneve(7), 98, Inside::ipv6},
         {"geneve with options", with_frame(geneve().geneve(7, hex("01020001 a7a7a7a7"))), 100, Inside::ipv4},
         {"vxlan-gpe", with_frame(gpe("0c000003 00000700")), 92, Inside::ipv4},
         {"vxlan-gpe, ipv4", gpe("0c000001 00000700"), 78, Inside::ipv4},
         {"vxlan-gpe, nsh", gpe("0c000004 00000700 0fc20201 000010ff"), 86, Inside::ipv4},
         {"nsh", nsh("0fc60101 000010ff"), 66, Inside::ipv4},
         {"nsh, ethernet", with_frame(nsh("0fc60103 000010ff")), 80, Inside::ipv4},
         {"erspan 3", with_frame(erspan3("20010000 a7a7a7a7 00000000")), 96, Inside::ipv4},
         {"erspan 3 of a platform", with_frame(erspan3("20010000 a7a7a7a7 00000001 a7a7a7a7 a7a7a7a7")), 104,
          Inside::ipv4},
         {"nvgre", with_frame(outer().gre({.key = 0x700})), 84, Inside::ipv4},
         {"gtp", user().gtp(9), 78, Inside::ipv4},
         {"gtp, ipv6", user().gtp(9), 98, Inside::ipv6},
         {"gtp with an extension", user().gtp(9, hex("00000085 02 a7a7a7a7a7a7 00")), 90, Inside::ipv4},
         {"l2tp 2", l2tp("0002 0001 0001 ff03 0021"), 80, Inside::ipv4},
         {"l2tp 2 with all its fields", l2tp("4b02 0000 0001 0001 0000 0000 0004 a7a7a7a7 0021"), 90,
          Inside::ipv4},
         {"l2tp 3", with_frame(l2tp("0003 0000 00000001 a7a7a7a7")), 96, Inside::ipv4},
         {"l2tp 3 in ip", with_frame(outer(115).payload(hex("00000001 a7a7a7a7 a7a7a7a7"))), 88,
          Inside::ipv4},
         {"pbb", with_frame(frame(0x88E7).payload(hex("00 000007"))), 60, Inside::ipv4},
         {"fabricpath", with_frame(frame(0x8903).payload(hex("0040"))), 58, Inside::ipv4},
         {"e-tag", frame(0x893F).payload(hex("0000 0001 0000 0800")), 50, Inside::ipv4},
         {"vn-tag", frame(0x8926).payload(hex("0001 0002 0800")), 48, Inside::ipv4},
         {"wccp", outer().gre({.type = 0x883E}).payload(hex("00000000")), 70, Inside::ipv4},
         {"nhrp", outer().gre({.type = 0x2001}), 38},
         {"wireguard", outer().udp(5, 51820).payload(hex("04000000 00000001")), 42}});
}

// Bytes behind the ports and numbers of those tunnels that are no such header, or carry none.
void add_virtual_look_alikes(Cases& cases) {
    const auto to = [](std::uint16_t port, std::string_view digits, std::size_t size) {
        return outer().udp(5, port).payload(then_smuggled(digits, size));
    };
    append(
        cases,
        {{"geneve of another version", to(6081, "40006558 00000700", 14), 42},
         {"geneve with reserved bits", to(6081, "00016558 00000700", 14), 42},
         {"geneve of a type nobody knows", to(6081, "000088b5 00000700", 14), 42},
         {"geneve with options, of a type nobody knows", to(6081, "020022ec 00000700", 22), 42},
         {"geneve that carries no ethernet", to(6081, "00006558 00000700", 40), 50},
         {"geneve that carries no arp", to(6081, "00000806 00000700", 40), 50},
         {"vxlan-gpe of a protocol nobody knows", to(4790, "0c000009 00000700", 14), 42},
         {"vxlan-gpe with a reserved byte", to(4790, "0c010003 00000700", 14), 42},
         {"vxlan-gpe, nsh that carries nothing", to(4790, "0c000004 00000700 0fc60101", 30), 50},
         {"gtp of another version", to(2152, "50ff0010 00000001", 16), 42},
         {"gtp of another length", to(2152, "30ff0010 00000001", 300), 42},
         {"gtp that carries no ip", outer().udp(5, 2152).gtp(9).payload(smuggled(30)), 50},
         {"l2tp 2 that carries no ip", to(1701, "0002 0001 0001 c021", 20), 42},
         {"l2tp with reserved bits", to(1701, "3002 0001 0001 0021", 20), 42},
         {"l2tp 3 that carries no frame", to(1701, "0003 0000 00000001", 40), 42},
         {"l2tp 3 in ip that carries no frame", outer(115).payload(then_smuggled("00000001", 40)), 34},
         {"pbb with reserved bits", frame(0x88E7).payload(then_smuggled("07", 17)), 14},
         {"e-tag with reserved bits", frame(0x893F).payload(then_smuggled("0000 c001 0000 0800", 20)), 14},
         {"e-tag, nobody knows what", frame(0x893F).payload(then_smuggled("0000 0001 0000 22ec", 20)), 22},
         {"vn-tag, nobody knows what", frame(0x8926).payload(then_smuggled("0001 0002 22ec", 20)), 20},
         {"vn-tag of another version", frame(0x8926).payload(then_smuggled("0001 3002 0800", 20)), 14},
         {"nsh of another version", frame(0x894F).payload(then_smuggled("4fc20201 000010ff", 20)), 14},
         {"nsh of metadata nobody knows", frame(0x894F).payload(then_smuggled("0fc20901 000010ff", 20)), 14},
         {"erspan 3 of no version",
          outer().gre({.type = 0x22EB}).payload(then_smuggled("70010000 00000000 00000000", 20)), 38},
         {"erspan 3 of a frame nobody knows",
          outer().gre({.type = 0x22EB}).payload(then_smuggled("20010000 00000000 00001400", 20)), 38},
         {"wccp without a packet", outer().gre({.type = 0x883E}).payload(smuggled(24)), 38}});
}

void add_hosts_links(Cases& cases) {
    append(
        cases,
        {{"nflog", PacketBuilder().nflog(hex("08000100 08000100 0c000a00 a7a7a7a7a7a7a7a7")), 56,
          Inside::ipv4, 239},
         {"ppi", PacketBuilder().payload(hex("00000c00 01000000 a7a7a7a7")).ethernet(), 54, Inside::ipv4,
          192},
         {"cisco hdlc", PacketBuilder().payload(hex("0f00 0800")), 32, Inside::ipv4, 104},
         {"cisco hdlc of another address", PacketBuilder().payload(then_smuggled("1200 0800", 20)), 0,
          Inside::payload, 104},
         {"frame relay", PacketBuilder().payload(hex("1841 03 cc")), 32, Inside::ipv4, 107},
         {"fddi", PacketBuilder().payload(hex("50 020000000002 020000000001")).snap(), 49, Inside::ipv4, 10},
         {"token ring", PacketBuilder().payload(hex("1040 020000000002 820000000001 0670 00110022")).snap(),
          56, Inside::ipv4, 6},
         {"vsock",
          PacketBuilder().payload(
              then_smuggled("0200000000000000 0300000000000000 00040000 88130000 0400 0200 2c00 0000", 44)),
          76, Inside::payload, 271},
         {"usb",
          PacketBuilder()
              .payload(hex("0000000000000000 53030102 0100 2d00"))
              .payload(Bytes(20))
              .payload(then_smuggled("40000000", 8)),
          48, Inside::payload, 189}});
}

void add_links(Cases& cases) {
    append(cases,
           {{"vlan", frame().vlan(5), 46, Inside::ipv4},
            {"qinq", frame().vlan(5, 0x88A8).vlan(6), 50, Inside::ipv4},
            {"pppoe", frame().pppoe_session(), 50, Inside::ipv4},
            {"pppoe, ipv6", frame().pppoe_session(), 70, Inside::ipv6},
            {"pppoe discovery", frame().pppoe_discovery(9), 20},
            {"lcp", frame().pppoe_session(1, 0xC021).payload(hex("0901 0008")), 26},
            {"pap", frame().pppoe_session(1, 0xC023), 22},
            {"snap", PacketBuilder().ethernet_802_3().snap(), 50, Inside::ipv4},
            {"lldp", PacketBuilder().ethernet(kSourceMac, "01:80:c2:00:00:0e", 0x88CC), 14},
            {"linux cooked", PacketBuilder().linux_sll(), 44, Inside::ipv4, 113},
            {"linux cooked 2", PacketBuilder().linux_sll2(3), 48, Inside::ipv4, 276},
            {"loopback", PacketBuilder().null_loopback(2, true), 32, Inside::ipv4, 0},
            {"802.11", PacketBuilder().ieee80211_data().snap(), 60, Inside::ipv4, 105},
            {"802.11 protected", PacketBuilder().ieee80211_data(kSourceMac, kDestinationMac, false, true), 24,
             Inside::payload, 105},
            {"802.11 beacon", PacketBuilder().ieee80211(0, 8), 16, Inside::payload, 105},
            {"radiotap", PacketBuilder().radiotap().ieee80211_data().snap(), 68, Inside::ipv4, 127},
            {"padding of a short frame",
             frame()
                 .ipv4(kSource, kDestination, {.total_length = std::uint16_t{28}})
                 .udp(1, 2, std::uint16_t{8})
                 .payload(smuggled(18)),
             42},
            {"ipv4 later fragment",
             frame().ipv4(kSource, kDestination, {.fragment_offset = 8, .protocol = 17}), 34},
            {"ipv6 later fragment", ipv6().ipv6_fragment(8, false, 9, 17), 62},
            {"esp", frame().ipv4(kSource, kDestination, {.protocol = 50}), 34},
            {"sctp", ipv4().sctp(1, 2), 46}});
}

// What is told of addresses in a payload is payload, and so is what nobody knows.
void add_payloads(Cases& cases) {
    append(
        cases,
        {{"a proxy's words about addresses",
          ipv4().tcp(1, 80).payload("PROXY TCP4 203.0.113.5 203.0.113.6 4000 80\r\n"), 54},
         {"a proxy's bytes about addresses",
          ipv4().tcp(1, 80).payload(hex("0D0A0D0A000D0A515549540A 2111 000C CB007105 CB007106 0FA0 0050")),
          54},
         {"gvrp", PacketBuilder().ethernet_802_3().llc(0x42, 0x42).payload(then_smuggled("0001 01", 3)), 17},
         {"gre, nobody knows what", outer().gre({.type = 0x22EC}), 38}});
}

// Their first four bits mean a control word, IPv4 or IPv6 below a label stack; those of the last mean
// nothing.
constexpr std::string_view kPseudowireMacs[] = {
    "00:1b:21:00:00:05", "00:00:5e:00:01:05", "45:00:00:2e:12:05", "48:00:00:54:00:05",
    "4c:0f:6e:00:00:05", "60:01:02:00:00:05", "6c:40:08:00:00:05", "ac:de:48:00:00:05",
};

void add_pseudowires_to(Cases& cases, std::string_view mac) {
    constexpr std::uint16_t kNobodyKnows = 0x88B5;
    const std::string name = "pseudowire to " + std::string(mac);
    const Bytes word = hex("0000 0001");
    append(cases,
           {
               {name, label().ethernet(kInnerSource, mac), 60, Inside::ipv4},
               {name + " with control word", label().payload(word).ethernet(kInnerSource, mac), 64,
                Inside::ipv4},
               {name + ", nobody knows what",
                label().ethernet(kInnerSource, mac, kNobodyKnows).payload(smuggled(30)), 18},
               {name + " with control word, nobody knows what",
                label().payload(word).ethernet(kInnerSource, mac, kNobodyKnows).payload(smuggled(30)), 18},
           });
}

void add_pseudowires(Cases& cases) {
    for (const std::string_view mac : kPseudowireMacs) add_pseudowires_to(cases, mac);
    append(cases,
           {{"pseudowire, ipv6", label().ethernet(kInnerSource, kInnerDestination), 80, Inside::ipv6},
            {"pseudowire, tagged twice", label().ethernet(kInnerSource, kInnerDestination).vlan(5).vlan(6),
             68, Inside::ipv4},
            {"pseudowire, pppoe", label().ethernet(kInnerSource, kInnerDestination).pppoe_session(), 68,
             Inside::ipv4},
            {"pseudowire, arp",
             label().ethernet(kInnerSource, kInnerDestination).arp(1, kSource, kDestination), 60},
            {"pseudowire, lldp, of the length of an ipv6 packet",
             label().payload(then_smuggled("600000000044 1140215a5b5c 88cc", 30)), 18},
            {"mpls, ipv4", label(), 46, Inside::ipv4},
            {"mpls, ipv6", label(), 66, Inside::ipv6},
            {"mpls, ipv6 by its label",
             frame().mpls({9, 2}).ipv6(kSource6, kDestination6, {.next_header = 50}), 62},
            {"mpls, ipv6 of which nothing can be checked",
             label().ipv6(kSource6, kDestination6, {.next_header = 50}), 18},
            {"mpls, words", label().payload("Every day a letter home, dear mother, of quite a length. "), 18},
            {"mpls, other words", label().payload("dear mother, not every day a letter home, but some days "),
             18}});
}

void add_look_alikes(Cases& cases) {
    append(
        cases,
        {{"vxlan with flags 0c", outer().udp(5, 4789).payload(then_smuggled("0c000000 000007 00", 14)), 42},
         {"vxlan with flags 18", outer().udp(5, 4789).payload(then_smuggled("18000000 000007 00", 14)), 42},
         {"vxlan with flags 28", outer().udp(5, 4789).payload(then_smuggled("28000000 000007 00", 14)), 42},
         {"vxlan with flags 88", outer().udp(5, 4789).payload(then_smuggled("88000000 000007 00", 14)), 42},
         {"vxlan with flags ff", outer().udp(5, 4789).payload(then_smuggled("ff000000 000007 00", 14)), 42},
         {"vxlan with flags 00", outer().udp(5, 4789).payload(then_smuggled("00000000 000007 00", 14)), 42},
         {"vxlan with reserved byte 0",
          outer()
              .udp(5, 4789)
              .payload(hex("0801000000000700"))
              .ethernet(kInnerSource, kInnerDestination, 0x0800),
          42, Inside::ipv4},
         {"vxlan with reserved byte 1",
          outer()
              .udp(5, 4789)
              .payload(hex("0800010000000700"))
              .ethernet(kInnerSource, kInnerDestination, 0x0800),
          42, Inside::ipv4},
         {"vxlan with reserved byte 2",
          outer()
              .udp(5, 4789)
              .payload(hex("0800000100000700"))
              .ethernet(kInnerSource, kInnerDestination, 0x0800),
          42, Inside::ipv4},
         {"vxlan with reserved byte 3",
          outer()
              .udp(5, 4789)
              .payload(hex("0800000000000701"))
              .ethernet(kInnerSource, kInnerDestination, 0x0800),
          42, Inside::ipv4},
         {"vxlan that carries no ethernet",
          outer().udp(5, 4789).payload(then_smuggled("08000000 000007 00", 40)), 50},
         {"vxlan that carries what nobody knows",
          outer().udp(5, 4789).vxlan(7).ethernet(kInnerSource, kInnerDestination, 0x88B5), 50},
         {"ipip of something else", outer(4).payload(then_smuggled("45", 19)), 34},
         {"6in4 of something else", outer(41).payload(then_smuggled("60", 39)), 34},
         {"6in4 without length", outer(41).payload(then_smuggled("60000000 0000 11 40", 32)), 34},
         {"gre, no ipv4", outer().gre({.type = 0x0800}).payload(then_smuggled("45", 19)), 38},
         {"gre, no ipv6", outer().gre({.type = 0x86DD}).payload(then_smuggled("60", 39)), 38},
         {"gre with reserved bits", outer(47).payload(hex("0ff8 0800")), 34, Inside::ipv4},
         {"gre of a source route", outer(47).payload(then_smuggled("4000 0800", 20)), 34},
         {"gre of version 2", outer(47).payload(hex("0002 a7a7 a7a7")), 34},
         {"gre of version 1, not ppp", outer(47).payload(hex("3081 0800 0000a7a7 a7a7a7a7 a7a7a7a7")), 34,
          Inside::ipv4},
         {"gre, reserved bytes behind the checksum",
          outer(47).payload(hex("b000 0800 0000a7a7 a7000000 00000000")), 78, Inside::ipv4},
         {"erspan 1, no ethernet", outer().gre({.type = 0x88BE}).payload(smuggled(14)), 38},
         {"erspan 2 of no version", outer().gre({.sequence = 1, .type = 0x88BE}).payload(smuggled(22)), 42},
         {"erspan 2 with reserved bits",
          outer().gre({.sequence = 1, .type = 0x88BE}).payload(then_smuggled("1005 0001 a7a7a7a7", 14)), 42},
         {"arp with long addresses", frame(0x0806).payload(then_smuggled("0001 0800 ff 04 0001", 518)), 14},
         {"arp with addresses of 20 bytes", frame(0x0806).payload(then_smuggled("0001 0800 14 04 0001", 48)),
          14},
         {"arp of another protocol", frame(0x0806).payload(then_smuggled("0001 86dd 06 10 0001", 44)), 14},
         {"something behind arp", frame().arp(1, kSource, kDestination), 42},
         {"ipv4 authentication of 64 bytes",
          outer(51).payload(then_smuggled("11 11 0000 00000001 00000001", 64)), 34},
         {"ipv4 authentication, reserved bytes", outer(51).payload(hex("11 01 a7a7 a7000001 00000001")), 34},
         {"ipv4 authentication, its check value",
          outer(51).payload(then_smuggled("3b 04 0000 00000001 00000001", 12)), 58},
         {"ipv6 authentication of 1024 bytes",
          outer6(51).payload(then_smuggled("3b ff 0000 00000001 00000001", 1016)), 54},
         {"ipv6 authentication, its check value",
          outer6(51).payload(then_smuggled("3b 04 0000 00000001 00000001", 12)), 78},
         {"ipv4 shorter than itself",
          frame().ipv4(kSource, kDestination, {.total_length = std::uint16_t{19}}), 14},
         {"udp shorter than itself", ipv4().udp(1, 2, std::uint16_t{7}), 34},
         {"icmp nobody knows", ipv4().icmp(42, 0, 0xA7A7A7A7), 38},
         {"igmp nobody knows", ipv4().igmp(0x99, "167.167.167.167"), 38},
         {"pppoe session with a code", frame(0x8864).payload(then_smuggled("11 a7 a7a7 0040 0021 45", 19)),
          14},
         {"ppp of an even protocol", frame().pppoe_session(1, 0xA6A6), 20},
         {"lcp shorter than itself", frame().pppoe_session(1, 0xC021).payload(hex("0901 0003")), 22},
         {"llc test of a station",
          PacketBuilder().ethernet_802_3().llc(0x42, 0x42, 0xE3).payload(smuggled(4)), 17},
         {"llc test with ip",
          PacketBuilder().ethernet_802_3().llc(0x06, 0x06, 0xE3).payload(then_smuggled("45", 19)), 17},
         {"stp of another protocol", PacketBuilder().ethernet_802_3().llc(0x42, 0x42).payload(smuggled(4)),
          17},
         {"mpls without a bottom", frame(0x8847).payload(Bytes(64, std::byte{0xA6})), 14},
         {"802.11 control nobody knows", PacketBuilder().payload(then_smuggled("0400 0000", 12)), 0,
          Inside::payload, 105},
         {"802.11 wrapper", PacketBuilder().payload(then_smuggled("7400 0000 001b215a5b5c", 6)), 10,
          Inside::payload, 105},
         {"radiotap shorter than its fields",
          PacketBuilder().payload(then_smuggled("0000 0c00 0f000000 a7a7a7a7", 24)), 0, Inside::payload,
          127}});
}

// Each has eight bytes.
constexpr std::string_view kIpv4Options[] = {
    "9408 0000 a7a7a7a7",   // router alert
    "8307 04 a7a7a7a7 00",  // source route
    "5e08 a7a7a7a7a7a7",    // nobody knows it
    "00a7a7a7 a7a7a7a7",    // behind the end
    "5eff a7a7 a7a7a7a7",   // past the header
};
constexpr std::string_view kTcpOptions[] = {
    "0208 a7a7a7a7a7a7",  // segment size
    "0308 a7a7a7a7a7a7",  // window scale
    "0408 a7a7a7a7a7a7",  // SACK permitted
    "0508 a7a7a7a7a7a7",  // SACK
    "0808 a7a7a7a7a7a7",  // timestamps
    "1308 a7a7a7a7a7a7",  // digest
    "2208 a7a7a7a7a7a7",  // fast open
    "fd08 a7a7a7a7a7a7",  // nobody knows it
    "00a7a7a7a7a7a7a7",   // behind the end
    "fdff a7a7a7a7a7a7",  // past the header
};
// Each has six bytes.
constexpr std::string_view kIpv6Options[] = {
    "0104 a7a7a7a7",   // padding
    "0504 a7a7a7a7",   // router alert
    "0404 a7a7a7a7",   // tunnel limit
    "c203 a7a7a7 00",  // jumbo payload
    "c904 a7a7a7a7",   // home address
    "1e04 a7a7a7a7",   // nobody knows it
    "1eff a7a7a7a7",   // past the header
};

void add_options(Cases& cases) {
    const auto name = [](std::string_view what, std::string_view options) {
        return std::string(what) + " options " + std::string(options);
    };
    for (const std::string_view digits : kIpv4Options)
        append(cases, {{name("ipv4", digits),
                        frame().ipv4(kSource, kDestination, {.options = hex(digits)}).udp(1, 2), 50}});
    for (const std::string_view digits : kTcpOptions)
        append(cases, {{name("tcp", digits), ipv4().tcp(1, 2, {.options = hex(digits)}), 62}});
    for (const std::string_view digits : kIpv6Options)
        append(cases, {{name("hop by hop", digits), ipv6().hop_by_hop(hex(digits)).udp(1, 2), 70},
                       {name("destination", digits), ipv6().destination_options(hex(digits)).udp(1, 2), 70}});
}

void add_hiding_places(Cases& cases) {
    append(
        cases,
        {{"ipv6 route: nobody knows", ipv6().routing(hex("fd00 a7a7a7a7")).udp(1, 2), 70},
         {"ipv6 route: without room", ipv6().routing(hex("0200 a7a7a7a7")).udp(1, 2), 70},
         {"ipv6 route: reserved bytes",
          ipv6().routing(hex("0001 a7a7a7a7 20010db8000000000000000000000009")).udp(1, 2), 86},
         {"ipv6 route: behind its segments",
          ipv6().routing(hex("0400 0000a7a7 20010db8000000000000000000000009 a7a7a7a7a7a7a7a7")).udp(1, 2),
          94},
         {"ipv6 route: more left than there are",
          ipv6().routing(hex("0002 00000000 a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7")).udp(1, 2), 86},
         {"ipv6 route of 17 addresses", ipv6().routing(join({hex("0011 00000000"), smuggled(272)})).udp(1, 2),
          342},
         {"icmp unreachable, unused bytes", ipv4().icmp(3, 1, 0xA7A7A7A7), 42},
         {"icmp source quench, unused bytes", ipv4().icmp(4, 0, 0xA7A7A7A7), 42},
         {"icmp time exceeded, unused bytes", ipv4().icmp(11, 0, 0xA7A7A7A7), 42},
         {"icmp parameter problem, unused bytes", ipv4().icmp(12, 0, 0x00A7A7A7), 42},
         {"icmpv6 unreachable, unused bytes", ipv6().icmpv6(1, 0, 0xA7A7A7A7), 62},
         {"icmpv6 time exceeded, unused bytes", ipv6().icmpv6(3, 0, 0xA7A7A7A7), 62},
         {"icmpv6 solicitation, reserved bytes",
          ipv6().icmpv6(135, 0, 0xA7A7A7A7).payload(hex("fe800000000000000000000000000009")), 78},
         {"icmpv6 advertisement, reserved bytes",
          ipv6().icmpv6(136, 0, 0x60A7A7A7).payload(hex("fe800000000000000000000000000009")), 78},
         {"icmpv6 redirect, reserved bytes",
          ipv6().icmpv6(137, 0, 0xA7A7A7A7).payload(hex("fe800000000000000000000000000009")), 78},
         {"icmpv6 listener report, reserved bytes",
          ipv6().icmpv6(131, 0, 0xA7A7A7A7).payload(hex("fe800000000000000000000000000009")), 78},
         {"icmpv6 options of neighbour discovery",
          ipv6().icmpv6(135, 0).payload(hex("fe800000000000000000000000000009 0101 020000000001")), 78},
         {"linux cooked, filling of the address",
          PacketBuilder().payload(then_smuggled("0000 0304 0000", 8)).payload(hex("0800")), 44, Inside::ipv4,
          113},
         {"linux cooked 2, filling of the address",
          PacketBuilder().payload(then_smuggled("0800 0000 00000001 0304 00 00", 8)), 48, Inside::ipv4, 276},
         {"radiotap, a vendor's fields",
          PacketBuilder().payload(then_smuggled("0000 1800 000000c0 00000000", 12)).ieee80211_data().snap(),
          84, Inside::ipv4, 127},
         {"radiotap, behind its fields", PacketBuilder().radiotap(smuggled(8)).ieee80211_data().snap(), 76,
          Inside::ipv4, 127}});
}

// The addresses of the frames above. None of them is one that masking leaves as it is.
const std::vector<Bytes>& addresses() {
    static const std::vector<Bytes> all{
        hex("c6336405"),     hex("c6336406"),     hex("cb007105"),     hex("cb007106"),
        hex("20010db80005"), hex("20010db80006"), hex("020000000001"), hex("020000000002"),
        hex("001b215a5b5c"), hex("6c40086a6b6c"), hex("1140215a5b5c"), hex("001b21000005"),
        hex("00005e000105"), hex("4500002e1205"), hex("480000540005"), hex("4c0f6e000005"),
        hex("600102000005"), hex("6c4008000005"), hex("acde48000005"),
    };
    return all;
}

}  // namespace

const std::vector<RedactionCase>& redaction_cases() {
    static const Cases all = [] {
        Cases cases;
        add_tunnels(cases);
        add_virtual_networks(cases);
        add_virtual_look_alikes(cases);
        add_hosts_links(cases);
        add_links(cases);
        add_payloads(cases);
        add_pseudowires(cases);
        add_look_alikes(cases);
        add_options(cases);
        add_hiding_places(cases);
        return cases;
    }();
    return all;
}

Bytes RedactionCase::build(const Bytes& payload) const {
    PacketBuilder packet = around;
    if (inside == Inside::ipv4) packet.ipv4(kSource, kDestination).udp(1, 2);
    if (inside == Inside::ipv6) packet.ipv6(kSource6, kDestination6).udp(1, 2);
    return packet.payload(payload).build();
}

bool holds_smuggled(std::span<const std::byte> frame) {
    return contains(frame, smuggled(3));
}

bool keeps_address(std::span<const std::byte> before, std::span<const std::byte> after) {
    const auto stands_at = [](std::span<const std::byte> frame, std::size_t place, const Bytes& address) {
        return std::ranges::equal(frame.subspan(place, address.size()), address);
    };
    for (const Bytes& address : addresses())
        for (std::size_t place = 0; place + address.size() <= std::min(before.size(), after.size()); ++place)
            if (stands_at(before, place, address) && stands_at(after, place, address)) return true;
    return false;
}

}  // namespace packetsentry::test
