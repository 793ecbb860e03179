// ICMP messages that answer each other. Community ID and Zeek take the type of a message for its source port,
// and the type that answers it for its destination port, so that an echo and its reply are one flow.
#pragma once

#include <cstdint>
#include <optional>

#include "proto/flows/flow_key.h"

namespace packetsentry::flows {

// The type of the message in the other direction; nothing where no message answers this one. Types of ICMP
// are those of RFC 792, 950 and 1256, and those of ICMPv6 are those of RFC 2710, 4443, 4620, 4861 and 6275.
[[nodiscard]] std::optional<std::uint8_t> icmp_counterpart(std::uint8_t type);
[[nodiscard]] std::optional<std::uint8_t> icmpv6_counterpart(std::uint8_t type);

// Puts a message in place of the ports. tuple.ip_protocol says whether it is one of ICMP or of ICMPv6.
void enter_message(FlowTuple& tuple, std::uint8_t type, std::uint8_t code);

}  // namespace packetsentry::flows
