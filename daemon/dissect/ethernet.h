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

[[nodiscard]] Layer dissect_ethernet(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
