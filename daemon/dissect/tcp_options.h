// The options of a TCP header: RFC 9293 section 3.2 (maximum segment size), RFC 7323 sections 2 and 3 (window
// scale, timestamps), RFC 2018 sections 2 and 3 (selective acknowledgements).
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Fills in what the options say. One that is not as long as its kind is left out; one that runs past the
// list, or is shorter than its own head, makes the packet malformed.
void read_tcp_options(Cursor options, Walk& walk);

}  // namespace packetsentry::dissect
