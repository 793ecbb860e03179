// Computes when a duration is over that a peer sent in nanoseconds (Until.duration_ns). A peer may send any
// 64-bit number. If the end would be later than a clock can count, the duration never ends; it must not
// overflow into the past.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace packetsentry::proto {

// Returns nothing if the duration never ends. 0 nanoseconds end now; if 0 means "no limit", the caller must
// check that before.
template <typename Clock>
[[nodiscard]] std::optional<std::chrono::time_point<Clock, std::chrono::nanoseconds>> deadline_after(
    std::chrono::time_point<Clock, std::chrono::nanoseconds> now, std::uint64_t duration_ns) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(now.time_since_epoch().count(), duration_ns, &sum)) return std::nullopt;
    return std::chrono::time_point<Clock, std::chrono::nanoseconds>(std::chrono::nanoseconds(sum));
}

}  // namespace packetsentry::proto
