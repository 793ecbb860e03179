// The clocks of the control process. Whatever dates something, measures a time or waits for one asks here and
// not the system, so that a test can let time pass without waiting for it.
#pragma once

#include <chrono>
#include <cstdint>

namespace packetsentry::base {

// Measures, because nobody can set it. A chrono clock with the time points of std::chrono::steady_clock.
struct SteadyClock {
    using duration = std::chrono::steady_clock::duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr bool is_steady = true;

    [[nodiscard]] static time_point now();
};

// Returns what the wall clock says, in nanoseconds since 1970-01-01 UTC. It dates what people read, and may
// be set.
[[nodiscard]] std::int64_t wall_clock_ns();

// For tests. While one of these lives, both clocks can be moved forward, and timers (loop/timer.h) look at
// the clock again every few milliseconds, so that they notice. Not more than one at a time; on the loop's
// thread.
class MovableClocks {
  public:
    MovableClocks();
    ~MovableClocks();  // both clocks are the system's again
    MovableClocks(const MovableClocks&) = delete;
    MovableClocks& operator=(const MovableClocks&) = delete;

    void advance(std::chrono::nanoseconds time);
};
[[nodiscard]] bool clocks_are_movable();

}  // namespace packetsentry::base
