// The timer of the event loop, by the clock that tests can move (base/clock.h).
#pragma once

#include <algorithm>
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>

#include "daemon/base/clock.h"

namespace packetsentry::loop {

// Says for how long the loop may sleep before it looks at the clock again. The kernel wakes it by its own
// clock, which does not know that a test has moved ours.
struct TimerWait {
    using Clock = base::SteadyClock;

    [[nodiscard]] static Clock::duration to_wait_duration(const Clock::duration& wait) {
        constexpr std::chrono::milliseconds kLook{2};
        return base::clocks_are_movable() ? std::min<Clock::duration>(wait, kLook) : wait;
    }
    [[nodiscard]] static Clock::duration to_wait_duration(const Clock::time_point& time) {
        const auto now = Clock::now();
        if (time <= now) return {};
        return to_wait_duration(time == Clock::time_point::max() ? Clock::duration::max() : time - now);
    }
};

using Timer = boost::asio::basic_waitable_timer<base::SteadyClock, TimerWait>;

}  // namespace packetsentry::loop
