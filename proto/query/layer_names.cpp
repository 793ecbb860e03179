#include "proto/query/layer_names.h"

#include "proto/query/word_list.h"

namespace packetsentry::query {
namespace {

constexpr LayerName kLayerNames[] = {
    {"ah"},
    {"arp"},
    {"cdp"},
    {"chdlc", "hdlc"},
    {"data"},
    {"dccp"},
    {"dhcp", "bootp"},
    {"dhcpv6"},
    {"dns"},
    {"eigrp"},
    {"erspan"},
    {"esp"},
    {"eth", "ethernet"},
    {"ethertype"},
    {"fc"},
    {"fddi"},
    {"fr"},
    {kFrameLayer},
    {"geneve"},
    {"gre"},
    {"gtp"},
    {"http"},
    {"http2"},
    {"icmp"},
    {"icmpv6"},
    {"ieee8021ad"},
    {"ieee8021ah", "pbb"},
    {"igmp"},
    {"ip", "ipv4"},
    {"ipcomp"},
    {"ipv6"},
    {"ipx"},
    {"isakmp"},
    {"l2tp"},
    {"lacp"},
    {"llc"},
    {"lldp"},
    {"llmnr"},
    {"loop"},
    {"macsec"},
    {"mdns"},
    {"mpls"},
    {"nflog"},
    {"nhrp"},
    {"nsh"},
    {"ntp"},
    {"null"},
    {"ospf"},
    {"pim"},
    {"ppi"},
    {"ppp"},
    {"pppoe", "pppoed pppoes"},
    {"proxy"},
    {"quic"},
    {"radiotap"},
    {"raw"},
    {"rsvp"},
    {"sctp"},
    {"sll"},
    {"snap"},
    {"ssdp"},
    {"ssh"},
    {"stp"},
    {"tcp"},
    {"tls", "ssl"},
    {"tr"},
    {"udp"},
    {"udplite"},
    {"usb"},
    {"vlan"},
    {"vrrp"},
    {"vsock"},
    {"vxlan"},
    {"wccp"},
    {"wg", "wireguard"},
    {"wlan"},
};

}  // namespace

std::span<const LayerName> layer_names() {
    return kLayerNames;
}

const LayerName* find_layer(std::string_view name) {
    for (const LayerName& row : kLayerNames)
        if (row.name == name || has_word(row.others, name)) return &row;
    return nullptr;
}

}  // namespace packetsentry::query
