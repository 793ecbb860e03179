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

// A time with its date as it is written, before the zone is applied.
struct WrittenTime {
    std::int64_t shown = 0;  // what a clock shows then, as seconds since it showed 1970-01-01 00:00:00
    std::int64_t nanosecond = 0;
    std::optional<int> zone = {};  // seconds east of UTC; none: local
};

// Reads what parse_time() reads, except seconds since 1970.
[[nodiscard]] std::optional<WrittenTime> read_written_time(std::string_view text);

// "2026-11-29 03:00:00", "2026-11-29T03:00:00.25Z", "2026-11-29 03:00:00+01:00", "2026-11-29 03:00",
// "2026-11-29", "Nov 29, 2026 03:00:00", and seconds since 1970 in UTC, "1764385200.5". Without a zone it
// is local, and the first of two where clocks show a time twice (daemon/base/local_time.h).
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

// "2026-11-29T03:00:00.250000000Z", which parse_time() reads.
[[nodiscard]] std::string time_text(std::int64_t nanoseconds);

}  // namespace packetsentry::query
