// The network service header, RFC 8300 section 2.
//
//   0                      2                3       4             7         8
//   +----------------------+----------------+-------+-------------+---------+---------+----
//   | version, flags, TTL, | metadata type, | next  | path        | index   | context | …
//   | length in words      | 4 unused bits  |       |             |         |         |
//   +----------------------+----------------+-------+-------------+---------+---------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_nsh(Cursor& bytes, Walk& walk);

// The numbers of what NSH and VXLAN-GPE carry.
[[nodiscard]] bool is_next_protocol(std::uint8_t number);
[[nodiscard]] Layer by_next_protocol(std::uint8_t number, Walk& walk);  // one that is not known ends the walk

}  // namespace packetsentry::dissect
