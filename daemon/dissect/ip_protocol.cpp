#include "daemon/dissect/ip_protocol.h"

#include <array>

#include "daemon/dissect/authentication.h"
#include "daemon/dissect/gre.h"
#include "daemon/dissect/icmp.h"
#include "daemon/dissect/icmpv6.h"
#include "daemon/dissect/igmp.h"
#include "daemon/dissect/ip_in_ip.h"
#include "daemon/dissect/l2tp.h"
#include "daemon/dissect/mpls.h"
#include "daemon/dissect/nsh.h"
#include "daemon/dissect/sctp.h"
#include "daemon/dissect/tcp.h"
#include "daemon/dissect/udp.h"

namespace packetsentry::dissect {
namespace {

struct IpProtocol {
    std::uint8_t number;
    Protocol protocol;
    LayerDissector dissect = nullptr;  // null: known by its word alone
};

constexpr IpProtocol row(std::uint8_t number, std::string_view word, LayerDissector dissect = nullptr) {
    return {number, {.word = word}, dissect};
}

// Makes a row of a protocol that nothing reads, with Wireshark's name for it.
constexpr IpProtocol row(std::uint8_t number, std::string_view word, std::string_view layers) {
    return {number, {.word = word, .layers = layers}};
}

constexpr std::array kIpProtocols{
    row(1, "ICMP", dissect_icmp),
    row(2, "IGMP", dissect_igmp),
    row(3, "GGP"),
    row(4, "IPIP", dissect_ipv4_in_ip),
    row(5, "ST"),
    row(6, "TCP", dissect_tcp),
    row(7, "CBT"),
    row(8, "EGP", "egp"),
    row(9, "IGP"),
    row(11, "NVP"),
    row(12, "PUP"),
    row(16, "CHAOS"),
    row(17, "UDP", dissect_udp),
    row(20, "HMP"),
    row(22, "XNS-IDP"),
    row(27, "RDP"),
    row(28, "IRTP"),
    row(29, "ISO-TP4"),
    row(33, "DCCP", "dccp"),
    row(36, "XTP", "xtp"),
    row(37, "DDP"),
    row(40, "IL"),
    row(41, "IPv6", dissect_ipv6_in_ip),
    row(45, "IDRP"),
    row(46, "RSVP", "rsvp"),
    row(47, "GRE", dissect_gre),
    row(48, "DSR"),
    row(50, "ESP", "esp"),
    row(51, "AH", dissect_authentication),
    row(54, "NARP"),
    row(55, "MinIPv4"),
    row(57, "SKIP"),
    row(58, "ICMPv6", dissect_icmpv6),
    row(59, "IPv6-NoNxt"),
    row(73, "CPHB"),
    row(80, "ISO-IP", "clnp"),
    row(81, "VMTP"),
    row(88, "EIGRP", "eigrp"),
    row(89, "OSPF", "ospf"),
    row(91, "LARP"),
    row(92, "MTP"),
    row(93, "AX.25", "ax25"),
    row(94, "IPIP"),
    row(97, "EtherIP", "etherip"),
    row(98, "ENCAP"),
    row(103, "PIM", "pim"),
    row(108, "IPComp", "ipcomp"),
    row(112, "VRRP", "vrrp"),
    row(113, "PGM", "pgm"),
    row(115, "L2TP", dissect_l2tp_over_ip),
    row(123, "PTP", "ptp"),
    row(124, "IS-IS"),
    row(130, "SPS"),
    row(132, "SCTP", dissect_sctp),
    row(133, "FC"),
    row(135, "Mobility", "mipv6"),
    row(136, "UDPLite", "udplite"),
    row(137, "MPLS", dissect_mpls),
    row(138, "MANET"),
    row(139, "HIP", "hip"),
    row(140, "Shim6", "shim6"),
    row(141, "WESP"),
    row(142, "ROHC"),
    row(143, "Ethernet"),
    row(144, "AGGFRAG"),
    row(145, "NSH", dissect_nsh),
};

// Index of each number in the table, plus 1.
constexpr auto kIndex = [] {
    std::array<std::uint8_t, 256> index{};
    for (std::size_t i = 0; i < kIpProtocols.size(); ++i)
        index[kIpProtocols[i].number] = static_cast<std::uint8_t>(i + 1);
    return index;
}();

const IpProtocol* find_ip_protocol(std::uint8_t number) {
    const std::size_t index = kIndex[number];
    return index == 0 ? nullptr : &kIpProtocols[index - 1];
}

}  // namespace

Layer by_ip_protocol(std::uint8_t number, Walk& walk) {
    const IpProtocol* const found = find_ip_protocol(number);
    if (found == nullptr) {
        walk.detail("protocol ", std::uint64_t{number});
        walk.enter(LayerName::data);
        return {};
    }
    return by_row(found->dissect, found->protocol, walk);
}

std::string_view ip_protocol_word(std::uint8_t number) {
    const IpProtocol* const found = find_ip_protocol(number);
    return found == nullptr ? std::string_view() : found->protocol.word;
}

}  // namespace packetsentry::dissect
