// The part of a packet filter program that looks at the transport and its ports.
#pragma once

#include "daemon/base/packet_filter.h"
#include "daemon/capture/filter/packet_walk.h"

namespace packetsentry::capture {

// The walk is at the transport's header, and the scratch memory has its protocol number and the fragment's
// offset. Accepts or rejects; nothing goes on behind it.
void put_transport(PacketWalk& walk, const base::PacketFilter& filter, base::PacketKind::Network network);

}  // namespace packetsentry::capture
