// IP without a link layer: the version in the first four bits tells which.
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_raw_ip(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
