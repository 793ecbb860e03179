// BSD loopback: an address family of four bytes, then the packet. LINKTYPE_NULL has it in the byte order
// of the machine that captured, LINKTYPE_LOOP in network order (https://www.tcpdump.org/linktypes.html).
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_null(Cursor& bytes, Walk& walk);
[[nodiscard]] Layer dissect_loop(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
