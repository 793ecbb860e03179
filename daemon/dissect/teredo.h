// Teredo (RFC 4380): IPv6 in UDP, for a host behind a NAT of IPv4.
#pragma once

#include <cstdint>

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// To or from the port of a server, and between any two ports of hosts that have found each other, where an
// address inside of it tells.
[[nodiscard]] bool is_teredo(const Cursor& bytes, std::uint16_t source_port, std::uint16_t destination_port);
// Nothing in it is vouched for: hosts put it together as they like, with trailers of any kind.
Layer dissect_teredo(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
