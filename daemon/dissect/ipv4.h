// IPv4, RFC 791 section 3.1.
//
//   0         1      2            4      6            8     9          10         12       16         20
//   +----+----+------+------------+------+-------------+-----+----------+----------+--------+----------+----
//   | 4  |size| DSCP | total      | id   | flags and   | TTL | protocol | checksum | source | destin-  |opts
//   |    |    |      | length     |      | offset      |     |          |          |        | ation    |
//   +----+----+------+------------+------+-------------+-----+----------+----------+--------+----------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Tells whether bytes that no layer outside names begin with an IPv4 header: version, sizes and checksum are
// right.
[[nodiscard]] bool is_ipv4(const Cursor& bytes);

// What is behind the total length (padding of short frames) is not looked at.
[[nodiscard]] Layer dissect_ipv4(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
