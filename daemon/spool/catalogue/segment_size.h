// How large a segment may become.
#pragma once

#include <algorithm>
#include <cstdint>

#include "daemon/spool/format/segment_room.h"

namespace packetsentry::spool {

inline constexpr std::uint64_t kLeastSegmentBytes = 1'000'000;

// A segment has at most an eighth of the space that it shares with others, so that removing the oldest frees
// no more than that.
[[nodiscard]] constexpr std::uint64_t segment_bytes(std::uint64_t space) {
    return std::clamp(space / 8, kLeastSegmentBytes, kFullSegmentBytes);
}

}  // namespace packetsentry::spool
