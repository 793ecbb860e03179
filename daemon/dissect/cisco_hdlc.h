// Cisco HDLC (RFC 1547 section 4.3.1).
//
//   0            1         2           4
//   +------------+---------+-----------+----
//   | address    | control | EtherType | …
//   | 0F or 8F   | 0       |           |
//   +------------+---------+-----------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_cisco_hdlc(Cursor& bytes, Walk& walk);
// A frame of a serial line that is either that, or PPP (LINKTYPE_PPP_HDLC): the address tells.
[[nodiscard]] Layer dissect_ppp_or_cisco_hdlc(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
