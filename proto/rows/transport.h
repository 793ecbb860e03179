// What an IP header carries, by its IANA protocol number.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace packetsentry::rows {

struct Transport {
    std::uint8_t number;
    std::string_view word;  // "TCP": before the ports of a summary
    std::string_view ecs;   // "tcp": network.transport
};

inline constexpr std::array kTransports = {
    Transport{6, "TCP", "tcp"},           Transport{17, "UDP", "udp"},    Transport{1, "ICMP", "icmp"},
    Transport{58, "ICMPv6", "ipv6-icmp"}, Transport{132, "SCTP", "sctp"}, Transport{33, "DCCP", "dccp"},
    Transport{136, "UDPLite", "udplite"}, Transport{2, "IGMP", "igmp"},   Transport{47, "GRE", "gre"},
    Transport{50, "ESP", "esp"},          Transport{51, "AH", "ah"},      Transport{4, "IPv4", "ipv4"},
    Transport{41, "IPv6", "ipv6"},        Transport{89, "OSPF", "ospf"},  Transport{103, "PIM", "pim"},
    Transport{112, "VRRP", "vrrp"},
};

// Null for a number without a row.
[[nodiscard]] const Transport* transport(std::uint8_t number);

}  // namespace packetsentry::rows
