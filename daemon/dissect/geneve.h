// Geneve, RFC 8926 section 3.4: Ethernet, or what another EtherType says, in UDP.
//
//   0                   1               2           4            7          8
//   +-------------------+---------------+-----------+------------+----------+---------+----
//   | version, options' | flags and     | EtherType | network id | reserved | options | …
//   | length in words   | reserved bits |           |            |          |         |
//   +-------------------+---------------+-----------+------------+----------+---------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Tells whether a datagram to its port is one. Anybody may use that port, so the version and every reserved
// bit must be zero, and the type must be an EtherType. The header is vouched for only where that is known.
[[nodiscard]] bool is_geneve(const Cursor& bytes);
[[nodiscard]] Layer dissect_geneve(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
