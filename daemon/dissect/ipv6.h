// IPv6 and its extension headers, RFC 8200; jumbograms, RFC 2675.
//
//   0                4            6       7      8          24              40
//   +----+-----------+------------+-------+------+----------+---------------+----
//   | 6  | class,    | payload    | next  | hop  | source   | destination   | …
//   |    | flow      | length     | header| limit|          |               |
//   +----+-----------+------------+-------+------+----------+---------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// ip_protocol is what follows the extension headers.
[[nodiscard]] Layer dissect_ipv6(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
