// The user plane of GPRS tunnelling, GTP-U: 3GPP TS 29.281 section 5.1.
//
//   0                    1         2        4          8
//   +--------------------+---------+--------+----------+----------+--------+------------+------------+----
//   | version 1, type 1, | message | length | endpoint | sequence | N-PDU  | next       | extensions | …
//   | 0, E S PN          | type    |        | id       | (2)      | number | extension  |            |
//   +--------------------+---------+--------+----------+----------+--------+------------+------------+----
//                                                       these four bytes if E, S or PN
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Tells whether a datagram to its port is one. Anybody may use that port, so the version and the reserved bit
// must be right, the message known, and its length that of the datagram.
[[nodiscard]] bool is_gtp_user(const Cursor& bytes);
[[nodiscard]] Layer dissect_gtp_user(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
