// Notices when the wall clock, from which packets get their time, was set, and when the machine slept.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace packetsentry::jobs {

// Three clocks at one moment. Each counts from a moment of its own.
struct Clocks {
    std::chrono::nanoseconds wall{};   // CLOCK_REALTIME
    std::chrono::nanoseconds boot{};   // CLOCK_BOOTTIME: continues while the machine sleeps
    std::chrono::nanoseconds awake{};  // CLOCK_MONOTONIC: stands still while the machine sleeps

    // Returns nothing if this process was delayed between the readings, so that they do not belong together.
    [[nodiscard]] static std::optional<Clocks> read();
};

class ClockWatch {
  public:
    static constexpr std::chrono::milliseconds kLeast{100};  // a smaller difference is drift
    static constexpr std::chrono::seconds kLeastSleep{2};

    explicit ClockWatch(const std::optional<Clocks>& begin) : before_(begin) {}

    // Returns a sentence that says what happened since the last call, or nothing if nothing happened.
    [[nodiscard]] std::optional<std::string> look(const std::optional<Clocks>& now);

  private:
    std::optional<Clocks> before_;
};

}  // namespace packetsentry::jobs
