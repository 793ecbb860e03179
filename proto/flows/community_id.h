// Community ID, version 1 (https://github.com/corelight/community-id-spec): one name for a flow that many
// tools compute alike.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/flows/flow_key.h"

namespace packetsentry::flows {

using CommunityHash = std::array<std::uint8_t, 20>;
// "1:" and the hash in base64.
using CommunityText = std::array<char, 30>;

// SHA-1 of the seed 0, the lower end's address, the higher end's, the protocol, a zero byte, and the ports,
// which are left out for protocols that have none. The tuple of ICMP has types of messages as ports
// (icmp_counterpart.h); if no message answers it, its code stands for the destination's port, and the ends
// are not put in order.
[[nodiscard]] CommunityHash community_hash(const FlowTuple& tuple);
[[nodiscard]] CommunityText community_text(const CommunityHash& hash);
[[nodiscard]] std::string community_id(const CommunityHash& hash);
// The bytes of the hash, to which it refers.
[[nodiscard]] inline std::string_view bytes_of(const CommunityHash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}
// Nothing for a text that is no identifier of version 1.
[[nodiscard]] std::optional<CommunityHash> parse_community_id(std::string_view text);

}  // namespace packetsentry::flows
