// The header that a proxy puts before the first bytes of a connection it passes on, to tell whose they are:
// the PROXY protocol, versions 1 and 2, as the documentation of HAProxy specifies it (proxy-protocol.txt).
// What follows it is the protocol that the packet is about.
//
// Version 1 is a line:
//
//   PROXY TCP4 203.0.113.5 198.51.100.1 4000 80\r\n
//   PROXY UNKNOWN\r\n                                 (and whatever else before the end of the line)
//
// Version 2 has a header of 16 bytes, and the number of bytes in it that follow it:
//
//   0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A   | 2 | command | family | transport | length (2)
//   source (4, 16 or 108), destination (as many), source port (2), destination port (2; no ports with 108)
//   further values
#pragma once

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

// Tells whether a payload begins with such a header; if so the payload is moved past it, out has its fields,
// and the protocol is PROXY until what is inside is understood. Otherwise both are as they were. A header of
// which a part is missing has nothing behind it.
[[nodiscard]] bool read_proxy_header(Cursor& payload, Dissection& out);

}  // namespace packetsentry::dissect
