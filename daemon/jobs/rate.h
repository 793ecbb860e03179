// Measures the packets and bytes per second over the last few seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace packetsentry::jobs {

class Rate {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kSpan{5};

    // Takes the totals so far. Call this at least once a second while packets arrive.
    void sample(Time now, std::uint64_t packets, std::uint64_t bytes);

    // Both return 0 if nothing was sampled within kSpan.
    [[nodiscard]] double packets_per_second(Time now) const;
    [[nodiscard]] double bytes_per_second(Time now) const;

  private:
    struct Sample {
        Time time;
        std::uint64_t packets = 0;
        std::uint64_t bytes = 0;
    };
    [[nodiscard]] double per_second(Time now, std::uint64_t Sample::*total) const;

    std::deque<Sample> samples_;  // at least a quarter of a second apart; the first may be older than kSpan
};

}  // namespace packetsentry::jobs
