// IGMP, versions 1 to 3: RFC 1112 appendix I, RFC 2236 section 2, RFC 3376 section 4.
//
//   0      1      2          4         8
//   +------+------+----------+---------+----
//   | type | time | checksum | group   | …
//   +------+------+----------+---------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_igmp(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
