// Sizes and durations as people write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::ctl {

// "10MiB" → bytes. A suffix is needed: B, kB, MB, GB (powers of 1000) or KiB, MiB, GiB (of 1024), as
// dumpcap and tcpdump disagree on bare numbers. More than 0. Error: usage.
[[nodiscard]] base::Result<std::uint64_t> parse_size(std::string_view text);

// "60s" → nanoseconds. ms, s, m or h; a bare number is seconds. More than 0. Error: usage.
[[nodiscard]] base::Result<std::uint64_t> parse_duration(std::string_view text);

// "100"; more than 0. Error: usage.
[[nodiscard]] base::Result<std::uint64_t> parse_count(std::string_view text);

}  // namespace packetsentry::ctl
