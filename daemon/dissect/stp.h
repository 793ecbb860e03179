// Bridge protocol data units: those of the spanning tree (IEEE 802.1Q clause 14), and those of GARP (IEEE
// 802.1D-2004 clause 12), which go to the same service access point and tell themselves apart by the first
// two bytes.
//
//   0               2         3
//   +---------------+---------+--------+----
//   | protocol      | version | type   | …      0: the spanning tree
//   +---------------+---------+--------+----
//   | protocol      | attributes              1: GARP
//   +---------------+------------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_bridge_pdu(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
