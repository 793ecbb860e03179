// Frame relay (ITU-T Q.922) with what it carries by RFC 2427, where 80 means SNAP, or by Cisco.
//
//   0               2
//   +---------------+---------+----------+----------+----
//   | address       | control | padding  | protocol | …     RFC 2427
//   | (2 to 4)      | 03      | 00, or   |          |
//   |               |         | none     |          |
//   +---------------+---------+----------+----------+----
//   | address       | EtherType          | …                Cisco
//   +---------------+--------------------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_frame_relay(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
