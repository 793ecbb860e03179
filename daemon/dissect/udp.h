// UDP, RFC 768.
//
//   0             2                  4        6          8
//   +-------------+------------------+--------+----------+----
//   | source port | destination port | length | checksum | …
//   +-------------+------------------+--------+----------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_udp(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
