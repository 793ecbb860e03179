// How many packets the capture itself has lost: what the kernel had no room for. To ask the kernel is a
// system call, so it is asked a few times a second, and each answer is kept with its time for a while:
// packets are read later than they have come, and what was lost behind a packet must not count as lost before
// it.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace packetsentry::flows {

class OwnLosses {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds kInterval{250};

    // Tells whether it is time to ask the kernel.
    [[nodiscard]] bool due(Clock::time_point now) const { return now >= due_; }
    // The kernel has lost so many packets in all. time_ns: the time now, by the clock of packets.
    void tell(std::uint64_t lost, std::int64_t time_ns, Clock::time_point now);

    // The losses in all, as they were told last.
    [[nodiscard]] std::uint64_t all() const { return counts_[newest_].lost; }
    // The losses that were told before a packet of this time came. What was lost in the moment before the
    // packet may be told only after it, so it counts as lost behind the packet.
    [[nodiscard]] std::uint64_t before(std::int64_t time_ns) const {
        return counts_[newest_].time_ns <= time_ns ? all() : long_before(time_ns);
    }

  private:
    struct Count {
        std::int64_t time_ns = INT64_MIN;
        std::uint64_t lost = 0;
    };

    [[nodiscard]] std::uint64_t long_before(std::int64_t time_ns) const;

    // Each new one differs from the one before it, and overwrites the oldest.
    std::array<Count, 32> counts_{};
    std::size_t newest_ = 0;
    Clock::time_point due_;
};

}  // namespace packetsentry::flows
