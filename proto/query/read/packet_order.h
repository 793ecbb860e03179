// The order in which a name with several columns has its values.
#pragma once

#include <vector>

#include "proto/query/expression.h"

namespace packetsentry::query {

// Puts the columns into the order in which a packet has them, which is also that of Wireshark: from the
// outside in, the sender before the receiver, but the receiver's MAC address before the sender's, and the
// sections of a DNS message one after the other.
void put_in_packet_order(std::vector<Source>& sources);

}  // namespace packetsentry::query
