// Decides what to tell the user about an output that accepts less than comes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace packetsentry::worker {

// One text tells that packets are not saved, and one tells that this is over and how many there were. A disk
// that is at its limit all the time would be told of with each packet: so it is over only after kQuiet
// without such a packet. This class does no I/O and reads no clock.
class SlowOutput {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kQuiet{10};

    // refused: how many packets were not saved because the output accepted too little, since the capture
    // began.
    [[nodiscard]] std::optional<std::string> news(Time now, std::uint64_t refused) {
        if (refused != refused_) {
            refused_ = refused;
            last_ = now;
            if (slow_) return std::nullopt;
            slow_ = true;
            return "the output is too slow for what is captured: packets are not saved until it accepts more";
        }
        if (!slow_ || now - last_ < kQuiet) return std::nullopt;
        slow_ = false;
        const std::uint64_t lost = refused_ - told_;
        told_ = refused_;
        return "the output accepts all packets again; " + std::to_string(lost) +
               (lost == 1 ? " packet was" : " packets were") + " not saved";
    }

  private:
    bool slow_ = false;
    Time last_;
    std::uint64_t refused_ = 0;
    std::uint64_t told_ = 0;  // of them
};

}  // namespace packetsentry::worker
