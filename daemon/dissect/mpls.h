// An MPLS label stack, RFC 3032 section 2.1: entries of four bytes up to the one that says bottom.
//
//   0                    20    23 24       32
//   +--------------------+-----+-+---------+
//   | label              | TC  |S| TTL     |
//   +--------------------+-----+-+---------+
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Nothing tells what is below the stack: IPv4, IPv6, or an Ethernet pseudowire with a control word or without
// it (RFC 4448 section 4). The header whose checks hold is taken. Where none has any that hold, a line still
// names what the first four bits mean (RFC 4385 section 3), and nothing below the stack is vouched for.
[[nodiscard]] Layer dissect_mpls(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
