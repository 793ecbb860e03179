// VXLAN with a next protocol (draft-ietf-nvo3-vxlan-gpe section 3): IP, Ethernet, NSH or MPLS in UDP.
//
//   0                 1          3          4            7          8
//   +-----------------+----------+----------+------------+----------+----
//   | flags 0000 IPBO | reserved | next     | network id | reserved | …
//   |                 | (2)      | protocol |            |          |
//   +-----------------+----------+----------+------------+----------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Tells whether a datagram to its port is one: version, reserved bits and reserved bytes are zero. The header
// is vouched for only where the next protocol is known.
[[nodiscard]] bool is_vxlan_gpe(const Cursor& bytes);
[[nodiscard]] Layer dissect_vxlan_gpe(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
