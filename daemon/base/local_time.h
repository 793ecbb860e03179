// Converts between moments and what local clocks show, by the time zone of the process (TZ, tzset(3)).
//
// When clocks are put back in autumn, they show an hour twice; when they are put forward in spring, they
// skip one. mktime(3) does not say what it makes of such a time, so this file does.
#pragma once

#include <cstdint>

namespace packetsentry::base {

// Which of the two moments is meant by a time that the clocks show twice.
enum class Repeated : std::uint8_t { first, second };

// shown: what the clocks show, as seconds since they showed 1970-01-01 00:00:00. Returns the moment, in
// seconds since 1970 UTC. A time that the clocks skip is taken as if they had not been put forward yet:
// in a zone where 02:00 is followed by 03:00, 02:30 is the moment at which they show 03:30.
[[nodiscard]] std::int64_t from_local(std::int64_t shown, Repeated which);

// Returns what the clocks show at a moment.
[[nodiscard]] std::int64_t to_local(std::int64_t seconds);

}  // namespace packetsentry::base
