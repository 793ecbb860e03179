// TCP, RFC 9293 section 3.1.
//
//   0             2                  4          8      12     13      14       16         18       20
//   +-------------+------------------+----------+------+------+-------+--------+----------+--------+----
//   | source port | destination port | sequence | ack  | size | flags | window | checksum | urgent | options
//   +-------------+------------------+----------+------+------+-------+--------+----------+--------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_tcp(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
