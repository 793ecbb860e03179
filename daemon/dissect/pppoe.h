// PPP over Ethernet, RFC 2516 section 4: discovery and session frames.
//
//   0          1        2            4            6
//   +----+-----+--------+------------+------------+----
//   | 1  | 1   | code   | session    | length     | …
//   +----+-----+--------+------------+------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_pppoe_discovery(Cursor& bytes, Walk& walk);
[[nodiscard]] Layer dissect_pppoe_session(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
