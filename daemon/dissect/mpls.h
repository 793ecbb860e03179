// An MPLS label stack, RFC 3032 section 2.1: entries of four bytes up to the one that says bottom.
//
//   0                    20    23 24       32
//   +--------------------+-----+-+---------+
//   | label              | TC  |S| TTL     |
//   +--------------------+-----+-+---------+
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Nothing tells what is below the stack, so its first four bits do: 4 and 6 are IP, 0 the control word
// of an Ethernet pseudowire (RFC 4385 section 3).
[[nodiscard]] Layer dissect_mpls(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
