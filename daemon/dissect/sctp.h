// SCTP, RFC 9260 section 3: the ports, and the kind of the first chunk.
//
//   0             2                  4     8          12     13
//   +-------------+------------------+-----+----------+------+----
//   | source port | destination port | tag | checksum | kind | …
//   +-------------+------------------+-----+----------+------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_sctp(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
