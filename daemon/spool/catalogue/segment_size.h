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

// Returns the limit for jobs that users keep. Open segments cannot be removed, so those of all jobs that may
// run together take no more than half of what users may keep.
[[nodiscard]] constexpr std::uint64_t user_segment_bytes(std::uint64_t user_bytes, std::uint32_t jobs) {
    return std::clamp(user_bytes / 2 / std::max(jobs, 1U), kLeastSegmentBytes, kFullSegmentBytes);
}

}  // namespace packetsentry::spool
