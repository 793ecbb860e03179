// Token ring (IEEE 802.5).
//
//   0         1         2     8      14
//   +---------+---------+-----+------+------------------+----
//   | access  | frame   | to  | from | route, if the    | …      LLC, where the frame control says so
//   | control | control | (6) | (6)  | first bit of     |
//   |         |         |     |      | from is set      |
//   +---------+---------+-----+------+------------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_token_ring(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
