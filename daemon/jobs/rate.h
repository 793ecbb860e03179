// Packets and bytes a second, over the last few seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace packetsentry::jobs {

class Rate {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kSpan{5};

    // Totals so far; at least once a second while packets come.
    void sample(Time now, std::uint64_t packets, std::uint64_t bytes);

    // 0 when nothing was sampled within the span.
    [[nodiscard]] double packets_per_second(Time now) const;
    [[nodiscard]] double bytes_per_second(Time now) const;

  private:
    struct Sample {
        Time time;
        std::uint64_t packets = 0;
        std::uint64_t bytes = 0;
    };
    [[nodiscard]] double per_second(Time now, std::uint64_t Sample::*total) const;

    std::deque<Sample> samples_;  // at least a quarter second apart; the first may be older than the span
};

}  // namespace packetsentry::jobs
