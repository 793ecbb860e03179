// Community ID, version 1 (https://github.com/corelight/community-id-spec): one name for a flow that many
// tools compute alike.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "daemon/flows/flow_key.h"

namespace packetsentry::flows {

using CommunityHash = std::array<std::uint8_t, 20>;

// SHA-1 of the seed 0, the lower end's address, the higher end's, the protocol, a zero byte, and the ports,
// which are left out for protocols that have none. The tuple of ICMP has types of messages as ports
// (icmp_counterpart.h); if no message answers it, its code stands for the destination's port, and the ends
// are not put in order.
[[nodiscard]] CommunityHash community_hash(const FlowTuple& tuple);
// "1:" and the hash in base64.
[[nodiscard]] std::string community_id(const CommunityHash& hash);

}  // namespace packetsentry::flows
