// What tells whether two segments are of the same connection, and which of them comes first.
#pragma once

#include <cstdint>
#include <utility>

#include "proto/flows/flow_key.h"

namespace packetsentry::transactions {

[[nodiscard]] inline bool has_same_ends(const flows::FlowTuple& one, const flows::FlowTuple& other) {
    return one.source == other.source && one.destination == other.destination &&
           one.ip_protocol == other.ip_protocol;
}

[[nodiscard]] inline flows::FlowTuple other_way(flows::FlowTuple tuple) {
    std::swap(tuple.source, tuple.destination);
    return tuple;
}

// Tells whether one sequence number is behind another one in the stream: RFC 9293 section 3.4.
[[nodiscard]] inline bool is_beyond(std::uint32_t one, std::uint32_t other) {
    return static_cast<std::int32_t>(one - other) > 0;
}

// Tells whether a segment of TCP with this sequence number, which does not come behind the last one, is one
// that was sent again. What is sent again is no further behind than this; otherwise it is one of another
// connection between the same ends.
[[nodiscard]] inline bool is_again(std::uint32_t sequence, std::uint32_t last) {
    constexpr std::uint32_t kWindow = 1U << 20;
    return last - sequence < kWindow;
}

}  // namespace packetsentry::transactions
