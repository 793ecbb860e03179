// Computes how long to wait before something that has failed is tried again.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace packetsentry::workers {

// The delay doubles from a quarter of a second to a minute. It begins again when nothing has failed for
// kWell.
class Backoff {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds kFirst{250};
    static constexpr std::chrono::milliseconds kLongest{60'000};
    static constexpr std::chrono::seconds kWell{60};

    [[nodiscard]] std::chrono::milliseconds next(Time now) {
        const bool well = !last_ || now - *last_ > kWell + delay_;
        delay_ = well ? kFirst : std::min(delay_ * 2, kLongest);
        last_ = now;
        return delay_;
    }

  private:
    std::chrono::milliseconds delay_ = kFirst;
    std::optional<Time> last_;
};

}  // namespace packetsentry::workers
