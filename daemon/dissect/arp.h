// ARP and RARP, RFC 826 and RFC 903; in full for IPv4.
//
//   0          2          4      5      6           8
//   +----------+----------+------+------+-----------+----------+----------+----------+----------+
//   | hardware | protocol | h.   | p.   | operation | sender   | sender   | target   | target   |
//   | type     | type     | size | size |           | h. addr. | p. addr. | h. addr. | p. addr. |
//   +----------+----------+------+------+-----------+----------+----------+----------+----------+
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// Tells whether bytes that no layer outside names are ARP for IPv4 on Ethernet.
[[nodiscard]] bool is_arp(const Cursor& bytes);

// The protocol addresses are the record's.
[[nodiscard]] Layer dissect_arp(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
