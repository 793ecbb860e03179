// Reads numbers, sizes and durations that a user types (daemon/base/quantity.h). The message of an error says
// what is allowed.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::ctl {

// "10MiB" → bytes. A suffix is needed: B, kB, MB, GB (powers of 1000) or KiB, MiB, GiB (of 1024), as
// dumpcap and tcpdump disagree on bare numbers. From 1B to 1073741824GiB. Error: usage.
[[nodiscard]] base::Result<std::uint64_t> parse_size(std::string_view text);

// "60s", "1h30m" → nanoseconds. d, h, m, s and ms, each unit once and the larger ones first; a bare number is
// seconds. From 1ms to 9223372036s, which is 292 years and what 63 bits of nanoseconds hold. Error: usage.
[[nodiscard]] base::Result<std::uint64_t> parse_duration(std::string_view text);

// "100" packets; from 1 to 9223372036854775807. Error: usage.
[[nodiscard]] base::Result<std::uint64_t> parse_count(std::string_view text);

struct NumberKind {
    const char* noun;  // "a port"
    std::uint64_t low;
    std::uint64_t high;
    const char* example;                            // "-c 100"
    base::ErrorCode code = base::ErrorCode::usage;  // of the error
};
[[nodiscard]] base::Result<std::uint64_t> parse_number(std::string_view text, const NumberKind& kind);

}  // namespace packetsentry::ctl
