// FDDI (ANSI X3.139).
//
//   0             1     7      13
//   +-------------+-----+------+----
//   | frame       | to  | from | …      LLC, where the control says so
//   | control     | (6) | (6)  |
//   +-------------+-----+------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_fddi(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
