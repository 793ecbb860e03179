// Bridge protocol data units of the spanning tree, IEEE 802.1Q clause 14.
//
//   0               2         3
//   +---------------+---------+--------+----
//   | protocol (0)  | version | type   | …
//   +---------------+---------+--------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_stp(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
