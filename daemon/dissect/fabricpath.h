// Cisco FabricPath: a whole Ethernet frame behind addresses of switches, an EtherType, and this tag.
//
//   0                   2
//   +-------------------+----
//   | forwarding tag    | Ethernet
//   | (10 bits), TTL    |
//   +-------------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_fabricpath(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
