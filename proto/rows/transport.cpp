#include "proto/rows/transport.h"

#include <algorithm>
#include <array>

namespace packetsentry::rows {
namespace {

constexpr std::array kTransports = {
    Transport{6, "TCP", "tcp"},           Transport{17, "UDP", "udp"},    Transport{1, "ICMP", "icmp"},
    Transport{58, "ICMPv6", "ipv6-icmp"}, Transport{132, "SCTP", "sctp"}, Transport{33, "DCCP", "dccp"},
    Transport{136, "UDPLite", "udplite"}, Transport{2, "IGMP", "igmp"},   Transport{47, "GRE", "gre"},
    Transport{50, "ESP", "esp"},          Transport{51, "AH", "ah"},      Transport{4, "IPv4", "ipv4"},
    Transport{41, "IPv6", "ipv6"},        Transport{89, "OSPF", "ospf"},  Transport{103, "PIM", "pim"},
    Transport{112, "VRRP", "vrrp"},
};

}  // namespace

const Transport* transport(std::uint8_t number) {
    const auto* found = std::ranges::find(kTransports, number, &Transport::number);
    return found == kTransports.end() ? nullptr : found;
}

}  // namespace packetsentry::rows
