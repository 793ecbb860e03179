// Radiotap: what a wireless card knew of a frame, in front of it (https://www.radiotap.org). All numbers
// are little-endian. Fields follow in the order of the bits in present; of them only flags is read, which
// tells of padding and of a checksum at the end.
//
//   0         1    2          4           8
//   +---------+----+----------+-----------+-----------------+----
//   | version | 0  | length   | present   | more present, … | …
//   +---------+----+----------+-----------+-----------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_radiotap(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
