// IP carried by IP directly: RFC 2003 (4 in 4), RFC 4213 (6 in 4), RFC 2473 (either in 6).
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_ipv4_in_ip(Cursor& bytes, Walk& walk);
[[nodiscard]] Layer dissect_ipv6_in_ip(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
