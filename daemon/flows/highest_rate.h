// The most bytes in one second. Seconds follow each other from the first packet on, so that one of them is
// all that must be remembered. A packet with an earlier time, which came late or whose clock was set back,
// counts in the present second.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace packetsentry::flows {

class HighestRate {
  public:
    static constexpr std::uint64_t kSecond = 1'000'000'000;  // nanoseconds

    explicit HighestRate(std::int64_t begin_ns) : ends_ns_(later(begin_ns, kSecond)) {}

    void add(std::int64_t time_ns, std::uint64_t bytes) {
        if (time_ns >= ends_ns_) next(time_ns);
        bytes_ += bytes;
    }
    [[nodiscard]] std::uint64_t bytes() const { return std::max(highest_, bytes_); }

  private:
    // Times come from strangers, and may be as far apart as there are numbers.
    [[nodiscard]] static std::int64_t later(std::int64_t time_ns, std::uint64_t by) {
        const std::uint64_t left =
            static_cast<std::uint64_t>(INT64_MAX) - static_cast<std::uint64_t>(time_ns);
        if (by >= left) return INT64_MAX;
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(time_ns) + by);
    }
    void next(std::int64_t time_ns) {
        highest_ = std::max(highest_, std::exchange(bytes_, 0));
        const std::uint64_t since =
            static_cast<std::uint64_t>(time_ns) - static_cast<std::uint64_t>(ends_ns_);
        ends_ns_ = later(later(ends_ns_, since - since % kSecond), kSecond);
    }

    std::int64_t ends_ns_;  // of the present second
    std::uint64_t bytes_ = 0;
    std::uint64_t highest_ = 0;  // of those before it
};

}  // namespace packetsentry::flows
