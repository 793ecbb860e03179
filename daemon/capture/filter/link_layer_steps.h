// The part of a packet filter program that goes through what may stand between a link type's own header and
// the network layer: tags, EtherTypes, 802.2, PPPoE, PPP and MPLS labels.
#pragma once

#include "daemon/capture/filter/packet_walk.h"

namespace packetsentry::capture {

// Behind put_link_type(), before put_network_layers().
void put_link_layers(PacketWalk& walk);

}  // namespace packetsentry::capture
