// A packet that a router redirects to a web cache (draft-wilson-wrec-wccp-v2 section 4.12), which GRE
// carries: IPv4, in version 2 of the protocol behind four bytes that tell the service and the bucket.
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_wccp(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
