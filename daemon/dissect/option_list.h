// The list of options behind an IPv4 or a TCP header (RFC 791 section 3.1, RFC 9293 section 3.2): 0 ends
// it, 1 fills, all others tell their length.
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// An option that runs past the list, or is shorter than its own head, makes the packet malformed.
void check_option_list(Cursor options, Walk& walk);

}  // namespace packetsentry::dissect
