// PPP over Ethernet, RFC 2516 section 4: discovery and session frames.
//
//   0          1        2            4            6
//   +----+-----+--------+------------+------------+----
//   | 1  | 1   | code   | session    | length     | …
//   +----+-----+--------+------------+------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Tells whether bytes that no layer outside names are a session frame with IP in it.
[[nodiscard]] bool is_pppoe_session(const Cursor& bytes);

[[nodiscard]] Layer dissect_pppoe_discovery(Cursor& bytes, Walk& walk);
[[nodiscard]] Layer dissect_pppoe_session(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
