// Measures how long a thread that reads packets did not read at most.
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace packetsentry::worker {

// While no packets come, the thread waits for them, which is no pause. Whatever else it does between two
// reads is one, the reading itself included, so the true pause is not longer. This class reads no clock.
class LongestPause {
  public:
    using Time = std::chrono::steady_clock::time_point;

    explicit LongestPause(Time now) : began_(now) {}

    // The thread reads, or begins to wait for packets.
    void ends(Time now) { longest_ = std::max(longest_, now - std::exchange(began_, now)); }
    // It has waited for packets until now.
    void begins(Time now) { began_ = now; }

    // Returns the longest pause since it was asked for the last time.
    [[nodiscard]] std::chrono::nanoseconds take() { return std::exchange(longest_, {}); }

  private:
    Time began_;
    Time::duration longest_{};
};

}  // namespace packetsentry::worker
