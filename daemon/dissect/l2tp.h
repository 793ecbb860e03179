// The layer two tunnelling protocol: version 2 in UDP (RFC 2661 section 3.1), version 3 in UDP or in IP (RFC
// 3931 sections 3.2 and 4.1).
//
//   0                2        4        6         8
//   +----------------+--------+--------+---------+----------+------------+----------+----
//   | T L . . S . O P| length | tunnel | session | sent and | offset and | PPP      | …   version 2
//   | …       2      | if L   |        |         | received | padding    |          |
//   |                |        |        |         | if S     | if O       |          |
//   +----------------+--------+--------+---------+----------+------------+----------+----
//   | T …      3     | 0      | session          | cookie   | sublayer   | a frame  | …   data, version 3
//   +----------------+--------+------------------+----------+------------+----------+----
//
// In IP, version 3 begins with the session; session 0 is followed by a control message. How long cookie and
// sublayer are (0, 4 or 8, and 0 or 4), and what the frame is, only the two ends know.
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Tells whether a datagram to the port of L2TP is of version 2 or 3, by its reserved bits and bytes.
[[nodiscard]] bool is_l2tp(const Cursor& bytes);
[[nodiscard]] Layer dissect_l2tp_over_udp(Cursor& bytes, Walk& walk);
[[nodiscard]] Layer dissect_l2tp_over_ip(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
