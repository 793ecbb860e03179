// IEEE 802.11 frames, IEEE 802.11 section 9.2. Data frames carry LLC; management and control frames are
// named. Numbers are little-endian.
//
//   0          2          4         10        16        22           24
//   +----------+----------+---------+---------+---------+------------+-----------+-----+----
//   | frame    | duration | address | address | address | sequence   | address 4 | QoS | …
//   | control  |          | 1       | 2       | 3       | control    | if bridged| (2) |
//   +----------+----------+---------+---------+---------+------------+-----------+-----+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_ieee80211(Cursor& bytes, Walk& walk);
// Dissects a frame whose header is padded to a multiple of four bytes, as radiotap may tell.
[[nodiscard]] Layer dissect_ieee80211_padded(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
