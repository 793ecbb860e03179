// Limits a rate. A burst may have as many as one second allows.
#pragma once

#include <chrono>
#include <cstdint>

namespace packetsentry::worker {

class TokenBucket {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // Begins with as many tokens as a tenth of a second allows, but at least one, so that little is gained by
    // making new buckets.
    TokenBucket(std::uint64_t per_second, Time now);

    // Takes one token. Returns false if there is none left.
    [[nodiscard]] bool take(Time now);

  private:
    double per_second_;
    double tokens_;
    Time filled_;
};

}  // namespace packetsentry::worker
