// ICMPv6: RFC 4443; neighbour discovery, RFC 4861 section 4; multicast listeners, RFC 2710 and RFC 3810.
//
//   0      1      2          4                            8
//   +------+------+----------+----------------------------+----
//   | type | code | checksum | by type: id, sequence; MTU | target, quoted packet, …
//   +------+------+----------+----------------------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_icmpv6(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
