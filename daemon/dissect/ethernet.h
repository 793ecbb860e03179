// Ethernet II and IEEE 802.3.
//
//   0        6        12          14
//   +--------+--------+-----------+----
//   |  to    |  from  | type or   | …
//   | (6)    |  (6)   | length (2)|
//   +--------+--------+-----------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Tells whether bytes that no layer outside names are an Ethernet frame: one station sends it, and it carries
// what its type announces.
[[nodiscard]] bool is_ethernet(const Cursor& bytes);
// Tells whether the type alone looks right: it is known, or it is the length of what follows.
[[nodiscard]] bool may_be_ethernet(const Cursor& bytes);

[[nodiscard]] Layer dissect_ethernet(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
