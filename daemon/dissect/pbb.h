// Provider backbone bridging (IEEE 802.1ah, in 802.1Q clause 9.7): a customer's whole Ethernet frame.
//
//   0                              1              4
//   +------------------------------+--------------+----
//   | priority, drop, customer     | instance of  | Ethernet
//   | addresses, 3 reserved bits   | the service  |
//   +------------------------------+--------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_pbb(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
