// Tags that tell the port of a switch that a frame is for: E-Tag (IEEE 802.1BR clause 7.5) and Cisco's
// VN-Tag. An EtherType follows either.
//
//   0                       2                      4         5         6
//   +-----------------------+----------------------+---------+---------+------+----
//   | priority, drop,       | 2 reserved bits,     | more of | more of | type | …      E-Tag
//   | ingress channel       | group, channel       | ingress | channel |      |
//   +-----------------------+----------------------+---------+---------+------+----
//   | direction, pointer,   | looped, reserved,    | type | …                        VN-Tag
//   | destination           | version 0, source    |      |
//   +-----------------------+----------------------+------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_etag(Cursor& bytes, Walk& walk);
[[nodiscard]] Layer dissect_vntag(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
