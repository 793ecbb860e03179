// Notices that the wall clock, by which packets are stamped, was set, and that the machine slept.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace packetsentry::jobs {

// The three clocks at one moment, each since whatever it counts from.
struct Clocks {
    std::chrono::nanoseconds wall{};   // CLOCK_REALTIME
    std::chrono::nanoseconds boot{};   // CLOCK_BOOTTIME: goes on while the machine sleeps
    std::chrono::nanoseconds awake{};  // CLOCK_MONOTONIC: does not

    // None: this process was held up between the readings, so that they do not belong together.
    [[nodiscard]] static std::optional<Clocks> read();
};

class ClockWatch {
  public:
    static constexpr std::chrono::milliseconds kLeast{100};  // less is drift
    static constexpr std::chrono::seconds kLeastSleep{2};

    explicit ClockWatch(const std::optional<Clocks>& begin) : before_(begin) {}

    // What happened since the last look, as a sentence; none: nothing.
    [[nodiscard]] std::optional<std::string> look(const std::optional<Clocks>& now);

  private:
    std::optional<Clocks> before_;
};

}  // namespace packetsentry::jobs
