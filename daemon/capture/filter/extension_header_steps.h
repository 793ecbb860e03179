// The part of a packet filter program that goes through the headers between IP and the transport.
#pragma once

#include "daemon/capture/filter/packet_walk.h"

namespace packetsentry::capture {

// Goes through the extension headers of IPv6 (RFC 8200 section 4). The scratch memory has the number of the
// first one before, and that of the transport behind. Jumps to done, which the caller places directly behind,
// or goes on there.
void put_extensions(PacketWalk& walk, PacketWalk::Label done);

// Steps over one authentication header (RFC 4302 section 2), which IPv4 may have too, and jumps to next.
void put_authentication(PacketWalk& walk, PacketWalk::Label next);

}  // namespace packetsentry::capture
