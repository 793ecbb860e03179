// PPP: the protocol field (RFC 1661 section 2), with or without the HDLC-like address and control bytes
// (RFC 1662 section 3.1), and the packets of its control protocols (RFC 1661 section 5).
//
//   0                2         3            4            6
//   +----------------+---------+------------+------------+----
//   | protocol       | code    | identifier | length     | …      control protocols
//   +----------------+---------+------------+------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_ppp(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
