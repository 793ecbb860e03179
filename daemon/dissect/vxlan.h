// VXLAN, RFC 7348 section 5: Ethernet in UDP.
//
//   0         1          4            7      8
//   +---------+----------+------------+------+----
//   | flags   | reserved | network id | 0    | …
//   +---------+----------+------------+------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

inline constexpr const FieldInfo& kVxlanId = field("packetsentry.vxlan.id");

// Tells whether a datagram to its port is one. Anybody may use that port, so the flags must be exactly those
// of the RFC, and every reserved byte must be zero.
[[nodiscard]] bool is_vxlan(const Cursor& bytes);
[[nodiscard]] Layer dissect_vxlan(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
