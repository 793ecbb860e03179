// IEEE 802.2 LLC and SNAP.
//
//   0      1      2           3                 6              8
//   +------+------+-----------+-----------------+--------------+----
//   | DSAP | SSAP | control   | organisation    | protocol     | …     with AA AA 03: SNAP
//   +------+------+-----------+-----------------+--------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_llc(Cursor& bytes, Walk& walk);
// From the organisation on.
[[nodiscard]] Layer dissect_snap(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
