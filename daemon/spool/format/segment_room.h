// How large a segment becomes, and how large it can become.
#pragma once

#include <algorithm>
#include <cstdint>

namespace packetsentry::spool {

// A segment with so many bytes in both of its files is full, unless a lower number was ordered.
inline constexpr std::uint64_t kFullSegmentBytes = 240'000'000;

// A worker that has no other segment yet goes on in one that is full, up to this number of bytes. A block of
// rows and a packet that were begun before may go beyond it.
[[nodiscard]] constexpr std::uint64_t crowded_segment_bytes(std::uint64_t full_bytes) {
    constexpr std::uint64_t kLeastRoom = 64ULL << 20;
    return full_bytes + std::max(full_bytes, kLeastRoom);
}

// No honest worker writes more. full_bytes: 0 means kFullSegmentBytes.
[[nodiscard]] constexpr std::uint64_t most_segment_bytes(std::uint64_t full_bytes) {
    constexpr std::uint64_t kLastBlock = 16ULL << 20;
    return crowded_segment_bytes(full_bytes == 0 ? kFullSegmentBytes : full_bytes) + kLastBlock;
}

}  // namespace packetsentry::spool
