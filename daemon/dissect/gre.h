// Generic routing encapsulation: RFC 2784, key and sequence of RFC 2890, version 1 of RFC 2637 (PPTP), a
// virtual network's key of RFC 7637 (NVGRE).
//
//   0                      2              4
//   +-+-+-+-+-------+-----+--------------+----------------+-----------+-------------+-----------------+----
//   |C|R|K|S| …   |A| ver | EtherType    | checksum and 0 | key if K  | sequence    | acknowledgement | …
//   | | | | |     | |     |              | if C           |           | if S        | if A (version 1)|
//   +-+-+-+-+-------+-----+--------------+----------------+-----------+-------------+-----------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_gre(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
