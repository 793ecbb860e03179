// ICMP, RFC 792; its errors quote the packet they answer, which is no part of the record's addresses.
//
//   0      1      2          4                            8
//   +------+------+----------+----------------------------+----
//   | type | code | checksum | by type: id, sequence;     | …
//   |      |      |          | MTU; gateway               |
//   +------+------+----------+----------------------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_icmp(Cursor& bytes, Walk& walk);

// ICMP's and ICMPv6's fields.
inline constexpr FieldName kIcmpType{"icmp.type", FieldKind::number};
inline constexpr FieldName kIcmpCode{"icmp.code", FieldKind::number};

}  // namespace packetsentry::dissect
