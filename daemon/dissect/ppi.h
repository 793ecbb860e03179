// Per-packet information in front of a frame (LINKTYPE_PPI, CACE "PPI Packet Header Specification" 1.0.7).
// All numbers are little-endian.
//
//   0         1       2              4           8
//   +---------+-------+--------------+-----------+--------+----
//   | version | flags | length       | link type | fields | frame
//   | 0       |       | of all of it | (4)       |        |
//   +---------+-------+--------------+-----------+--------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_ppi(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
