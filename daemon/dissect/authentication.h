// The authentication header behind IPv4, RFC 4302 section 2. (Behind IPv6 it is an extension header.)
//
//   0             1            2     4      8          12
//   +-------------+------------+-----+------+----------+----------------
//   | next header | size/4 - 2 | 0   | SPI  | sequence | check value, …
//   +-------------+------------+-----+------+----------+----------------
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Reads what follows the size. The check value is noted as opaque, because nobody can tell it from anything
// else without its key. A header is not vouched for if its check value is longer than that of any method.
void note_authentication(Cursor body, Walk& walk);

// As behind IPv6, what it protects is the record's ip_protocol.
[[nodiscard]] Layer dissect_authentication(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
