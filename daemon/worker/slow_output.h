// Decides when to tell the user that an output, or the spool, accepts less than comes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace packetsentry::worker {

// It is told that packets are not saved, and later that this is over and how many there were. A disk that is
// at its limit all the time would be told of with each packet, so it is over only after kQuiet without such a
// packet. This class does no I/O and reads no clock.
class SlowOutput {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kQuiet{10};

    struct News {
        bool over = false;       // or it begins
        std::uint64_t lost = 0;  // packets in the time that is over
    };

    // refused: how many packets were not saved because the output accepted too little, since the capture
    // began.
    [[nodiscard]] std::optional<News> news(Time now, std::uint64_t refused) {
        if (refused != refused_) {
            refused_ = refused;
            last_ = now;
            if (slow_) return std::nullopt;
            slow_ = true;
            return News{};
        }
        if (!slow_ || now - last_ < kQuiet) return std::nullopt;
        slow_ = false;
        return News{.over = true, .lost = refused_ - std::exchange(told_, refused_)};
    }

  private:
    bool slow_ = false;
    Time last_;
    std::uint64_t refused_ = 0;
    std::uint64_t told_ = 0;  // of them
};

}  // namespace packetsentry::worker
