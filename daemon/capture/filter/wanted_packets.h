// What a base::PacketFilter asks for, sorted by network, as a packet filter program needs it.
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "daemon/base/packet_filter.h"

namespace packetsentry::capture {

using Ports = std::set<std::uint16_t>;
// The ports that are asked for of each protocol number. No ports: any will do.
using Transports = std::map<std::uint8_t, Ports>;

// Some packets of this network are asked for.
[[nodiscard]] bool wants(const base::PacketFilter& filter, base::PacketKind::Network network);
// They are, whatever they carry.
[[nodiscard]] bool wants_all_of(const base::PacketFilter& filter, base::PacketKind::Network network);

[[nodiscard]] Transports wanted_transports(const base::PacketFilter& filter,
                                           base::PacketKind::Network network);

}  // namespace packetsentry::capture
