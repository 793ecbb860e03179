// How long the reader of an output that is a pipe is waited for when the capture has ended.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace packetsentry::worker {

// As long as it takes something: one that has taken nothing for a while will take nothing more. Where
// somebody else waits for the capture's end, for a moment only. Pure.
class ReaderPatience {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kPause{3};
    // Meanwhile the packets of the worker that follows wait in its ring, which lasts a second.
    static constexpr std::chrono::milliseconds kMoment{500};
    static constexpr std::chrono::seconds kToTell{1};

    // waiting: bytes that it has not taken.
    ReaderPatience(Time began, std::uint64_t waiting) : began_(began), taken_at_(began), least_(waiting) {}

    // false: there is nothing to wait for any more. patient: nobody else waits.
    [[nodiscard]] bool goes_on(Time now, std::uint64_t waiting, bool patient) {
        if (waiting < least_) taken_at_ = now;
        least_ = std::min(least_, waiting);
        return least_ != 0 && now - taken_at_ < kPause && (patient || now - began_ < kMoment);
    }

    // It is time to tell that it is waited for; once.
    [[nodiscard]] bool tells(Time now) {
        if (told_ || now - began_ < kToTell) return false;
        return told_ = true;
    }

  private:
    Time began_;
    Time taken_at_;
    std::uint64_t least_;
    bool told_ = false;
};

}  // namespace packetsentry::worker
