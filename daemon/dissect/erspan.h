// Mirrored frames in GRE (draft-foschiano-erspan-03 sections 4.1 to 4.3). Type I has no header of its own.
//
//   0               2                4        8           10           12
//   +---------------+----------------+--------+----                                            type II
//   | version 1,    | class, flags,  | index  | …
//   | VLAN          | session        |        |
//   +---------------+----------------+--------+-----------+------------+-----------------+---- type III
//   | version 2,    | class, flags,  | time   | group     | flags, the | more of the     | …
//   | VLAN          | session        |        |           | last is O  | platform, if O  |
//   +---------------+----------------+--------+-----------+------------+-----------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// sequenced: GRE tells a sequence number.
[[nodiscard]] Layer enter_erspan(Cursor& bytes, bool sequenced, Walk& walk);
[[nodiscard]] Layer dissect_erspan_type3(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
