// The next hop resolution protocol (RFC 2332 section 5.2.1), which GRE carries. Only its operation is read:
// it is the eighteenth byte.
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_nhrp(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
