// Reads times of the past as they are typed after --since and --until.
//
//   2025-05-15T03:00:00Z, 2025-05-15T05:00:00.25+02:00      RFC 3339
//   2025-05-15 03:00, 2025-05-15 03:00:00, 2025-05-15       local; without a clock it is midnight
//   03:00, 03:00:30                                         the last time that clocks showed this
//   today, yesterday 03:00, monday, tue 07:30               the last such day that has begun
//   10m ago, 3h, 1d12h ago, now                             before now
//   @1747278000, @1747278000.5                              seconds since 1970 UTC
//
// A day of the week with a clock is the last time that this came, so on a Monday at noon, "monday 15:00"
// was a week ago; "monday" alone is today. Only today can be followed by a clock that is still to come. A
// day is not 24 hours long when clocks are put forward or back, but "1d ago" is always 24 hours ago.
//
// Clocks that are put back show an hour twice. A time in it is the first one for --since and the second
// one for --until, so that no packet of the time that is meant is missing. A time that clocks skip is as
// much later as they were put forward (daemon/base/local_time.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::ctl {

// Which end of a range the time is.
enum class RangeEnd : std::uint8_t { since, until };

// now_ns: the present moment. The zone is that of the process (TZ). Returns nanoseconds since 1970 UTC.
// The moment may be later than now if a date or "today" was typed. Error (usage): its message lists the
// forms.
[[nodiscard]] base::Result<std::int64_t> parse_past_time(std::string_view text, std::int64_t now_ns,
                                                         RangeEnd end);

}  // namespace packetsentry::ctl
