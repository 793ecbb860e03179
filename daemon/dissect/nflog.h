// What netfilter logs (LINKTYPE_NFLOG, https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html).
//
//   0        1         2             4        6      8
//   +--------+---------+-------------+--------+------+-------+---------+----
//   | family | version | resource id | length | type | value | padding | …
//   |        | 0       |             | (2)    | (2)  |       | to 4    |
//   +--------+---------+-------------+--------+------+-------+---------+----
//
// Lengths and types are in the byte order of the machine that captured. The packet is the value of one of
// them.
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_nflog(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
