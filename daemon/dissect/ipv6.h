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

// Tells whether bytes that no layer outside names begin with an IPv6 header: version and length are right.
[[nodiscard]] bool is_ipv6(const Cursor& bytes);

// Tells whether it is the whole packet, and what it carries has a checksum that is right: that of TCP, UDP or
// ICMPv6 directly behind the header. It reads every byte. bytes: of which is_ipv6() is true.
[[nodiscard]] bool carries_right_checksum(const Cursor& bytes);

// ip_protocol is what follows the extension headers.
[[nodiscard]] Layer dissect_ipv6(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
