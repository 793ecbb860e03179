// The most bytes in one second. Seconds follow each other from the first packet on, so that one of them is
// all that must be remembered. A packet with an earlier time, which came late or whose clock was set back,
// counts in the present second. It is small, because there is one in each flow: what is above 4 GiB in one
// second, or after 136 years, is not told apart.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace packetsentry::flows {

class HighestRate {
  public:
    // begin_ns: of the first packet, always the same.
    void add(std::int64_t begin_ns, std::int64_t time_ns, std::uint32_t bytes) {
        // Times come from strangers, and may be as far apart as there are numbers.
        const std::uint64_t since =
            static_cast<std::uint64_t>(time_ns) - static_cast<std::uint64_t>(begin_ns);
        if (since >= (std::uint64_t{second_} + 1) * kSecond && time_ns > begin_ns) begin_second(since);
        bytes_ += std::min(bytes, UINT32_MAX - bytes_);
    }
    [[nodiscard]] std::uint32_t bytes() const { return std::max(highest_, bytes_); }

    template <typename Bytes>
    void pass(Bytes& bytes) {  // see StateReader
        bytes.number(second_);
        bytes.number(bytes_);
        bytes.number(highest_);
    }

  private:
    static constexpr std::uint64_t kSecond = 1'000'000'000;  // nanoseconds

    void begin_second(std::uint64_t since) {
        highest_ = std::max(highest_, std::exchange(bytes_, 0));
        second_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(since / kSecond, UINT32_MAX));
    }

    std::uint32_t second_ = 0;  // the present one
    std::uint32_t bytes_ = 0;
    std::uint32_t highest_ = 0;  // of those before it
};

}  // namespace packetsentry::flows
