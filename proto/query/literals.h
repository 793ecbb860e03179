// Values as they are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/query/expression.h"

namespace packetsentry::query {

// "80", "0x50", "0120" (octal), "0b101". None: it is no number of at most 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

// "true", "True", "TRUE" → 1, and likewise for false → 0.
[[nodiscard]] std::optional<std::uint64_t> parse_boolean(std::string_view text);

// "192.0.2.1", "192.0.2.0/24", "2001:db8::/32", "00:00:5e:00:53:01", "00-00-5E-00-53-01", "0000.5e00.5301". A
// prefix may have bits behind it, which are dropped.
[[nodiscard]] std::optional<Prefix> parse_address(std::string_view text);

// "2026-11-29 03:00:00", "2026-11-29T03:00:00.25Z", "2026-11-29 03:00:00+01:00", "2026-11-29 03:00",
// "2026-11-29", "Nov 29, 2026 03:00:00", and seconds since 1970 in UTC, "1764385200.5". Local without a zone.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

// "2026-11-29T03:00:00.250000000Z", which parse_time() reads.
[[nodiscard]] std::string time_text(std::int64_t nanoseconds);

}  // namespace packetsentry::query
