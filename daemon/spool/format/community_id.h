// Community ID, version 1 (https://github.com/corelight/community-id-spec): "1:" and a SHA-1 in base64.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace packetsentry::spool {

inline constexpr std::size_t kCommunityIdBytes = 20;

// Returns the bytes of the hash; nothing for a text that is no such identifier.
[[nodiscard]] std::optional<std::array<char, kCommunityIdBytes>> community_id_bytes(std::string_view text);

}  // namespace packetsentry::spool
