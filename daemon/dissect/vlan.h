// VLAN tags, IEEE 802.1Q and 802.1ad: any number of them, one a layer.
//
//   0                        2                4
//   +------+---+-------------+----------------+----
//   | prio | D | identifier  | type or length | …
//   +------+---+-------------+----------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// The field vlan.id: outermost first. Tags inside a tunnel are not the record's.
[[nodiscard]] Layer dissect_vlan(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
