// How many in a time: bursts of up to a second's worth, and the rate in the long run.
#pragma once

#include <chrono>
#include <cstdint>

namespace packetsentry::worker {

class TokenBucket {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // Begins with a tenth of a second's worth, at least one: making buckets anew gains little.
    TokenBucket(std::uint64_t per_second, Time now);

    // false: there is none left.
    [[nodiscard]] bool take(Time now);

  private:
    double per_second_;
    double tokens_;
    Time filled_;
};

}  // namespace packetsentry::worker
