// When a time is over that a peer gave in nanoseconds (Until.duration_ns). A peer may send any 64 bits: a
// time that ends after the last moment a clock can count never ends, and is not one that has ended already.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace packetsentry::proto {

// None: never. 0 nanoseconds end now; where they stand for "no limit" the caller has looked before.
template <typename Clock>
[[nodiscard]] std::optional<std::chrono::time_point<Clock, std::chrono::nanoseconds>> deadline_after(
    std::chrono::time_point<Clock, std::chrono::nanoseconds> now, std::uint64_t duration_ns) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(now.time_since_epoch().count(), duration_ns, &sum)) return std::nullopt;
    return std::chrono::time_point<Clock, std::chrono::nanoseconds>(std::chrono::nanoseconds(sum));
}

}  // namespace packetsentry::proto
