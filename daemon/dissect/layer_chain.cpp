#include "daemon/dissect/layer_chain.h"

namespace packetsentry::dissect {
namespace {

struct NamedLayer {
    LayerName name;
    std::string_view text;
};

// Wireshark registers these names with its dissectors ("tshark -G protocols" lists them).
constexpr std::array kNamedLayers{
    NamedLayer{LayerName::ah, "ah"},
    NamedLayer{LayerName::arp, "arp"},
    NamedLayer{LayerName::chdlc, "chdlc"},
    NamedLayer{LayerName::data, "data"},
    NamedLayer{LayerName::erspan, "erspan"},
    NamedLayer{LayerName::eth, "eth"},
    NamedLayer{LayerName::ethertype, "ethertype"},
    NamedLayer{LayerName::etag, "etag"},
    NamedLayer{LayerName::fabricpath, "cfp"},
    NamedLayer{LayerName::fddi, "fddi"},
    NamedLayer{LayerName::frame_relay, "fr"},
    NamedLayer{LayerName::geneve, "geneve"},
    NamedLayer{LayerName::gre, "gre"},
    NamedLayer{LayerName::gtp, "gtp"},
    NamedLayer{LayerName::icmp, "icmp"},
    NamedLayer{LayerName::icmpv6, "icmpv6"},
    NamedLayer{LayerName::ieee8021ad, "ieee8021ad"},
    NamedLayer{LayerName::ieee8021ah, "ieee8021ah"},
    NamedLayer{LayerName::igmp, "igmp"},
    NamedLayer{LayerName::ip, "ip"},
    NamedLayer{LayerName::ipv6, "ipv6"},
    NamedLayer{LayerName::ipv6_destination, "ipv6.dstopts"},
    NamedLayer{LayerName::ipv6_fragment, "ipv6.fraghdr"},
    NamedLayer{LayerName::ipv6_hop_by_hop, "ipv6.hopopts"},
    NamedLayer{LayerName::ipv6_routing, "ipv6.routing"},
    NamedLayer{LayerName::l2tp, "l2tp"},
    NamedLayer{LayerName::llc, "llc"},
    NamedLayer{LayerName::mpls, "mpls"},
    NamedLayer{LayerName::nflog, "nflog"},
    NamedLayer{LayerName::nsh, "nsh"},
    NamedLayer{LayerName::null, "null"},
    NamedLayer{LayerName::ppi, "ppi"},
    NamedLayer{LayerName::ppp, "ppp"},
    NamedLayer{LayerName::pppoe_discovery, "pppoed"},
    NamedLayer{LayerName::pppoe_session, "pppoes"},
    NamedLayer{LayerName::pseudowire_heuristic, "pwethheuristic"},
    NamedLayer{LayerName::pseudowire_with_word, "pwethcw"},
    NamedLayer{LayerName::pseudowire_without_word, "pwethnocw"},
    NamedLayer{LayerName::radiotap, "radiotap"},
    NamedLayer{LayerName::raw, "raw"},
    NamedLayer{LayerName::sctp, "sctp"},
    NamedLayer{LayerName::sll, "sll"},
    NamedLayer{LayerName::stp, "stp"},
    NamedLayer{LayerName::tcp, "tcp"},
    NamedLayer{LayerName::teredo, "teredo"},
    NamedLayer{LayerName::token_ring, "tr"},
    NamedLayer{LayerName::udp, "udp"},
    NamedLayer{LayerName::usb, "usb"},
    NamedLayer{LayerName::vlan, "vlan"},
    NamedLayer{LayerName::vntag, "vntag"},
    NamedLayer{LayerName::vsock, "vsock"},
    NamedLayer{LayerName::vxlan, "vxlan"},
    NamedLayer{LayerName::wlan, "wlan"},
    NamedLayer{LayerName::wlan_radio, "wlan_radio"},
};

}  // namespace

std::string_view layer_text(LayerName name) {
    for (const NamedLayer& row : kNamedLayers)
        if (row.name == name) return row.text;
    return {};
}

}  // namespace packetsentry::dissect
