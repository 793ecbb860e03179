// The part of a packet filter program that looks at ARP, IPv4 and IPv6: whether the network is asked for, and
// whether one of its two addresses is.
#pragma once

#include "daemon/base/packet_filter.h"
#include "daemon/capture/filter/packet_walk.h"

namespace packetsentry::capture {

// Behind put_link_layers(). Also writes the steps through extension headers and transports, where the filter
// asks what a network carries.
void put_network_layers(PacketWalk& walk, const base::PacketFilter& filter);

}  // namespace packetsentry::capture
