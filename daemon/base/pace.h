// How often somebody may do something: so many turns a second, and after a rest as many at once as two
// seconds would give. Pure; one time point is all its state.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace packetsentry::base {

class Pace {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kAtOnce{2};

    // Takes turns, whether or not it is their time: gives when it is, which may lie in the past.
    // per_second: at least 1.
    [[nodiscard]] Time take(Time now, std::uint32_t turns, std::uint32_t per_second) {
        taken_until_ =
            std::max(taken_until_, now) + std::chrono::nanoseconds(std::chrono::seconds(turns)) / per_second;
        return taken_until_ - kAtOnce;
    }

    // As if no turn had ever been taken.
    [[nodiscard]] bool rested(Time now) const { return taken_until_ <= now; }

  private:
    Time taken_until_;  // what was taken is earned by then
};

}  // namespace packetsentry::base
