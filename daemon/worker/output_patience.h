// Decides how long to wait for the output when the capture has ended: for the reader of a pipe, or for a
// disk.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace packetsentry::worker {

// The wait lasts as long as the reader reads something; a reader that has read nothing for kPause will not
// read any more. If somebody waits for the end of the capture, the wait lasts only kMoment. A disk is given
// more time, because it may stall for long, and what it has not accepted is lost to the user's file.
// This class does no I/O and reads no clock.
class OutputPatience {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kPause{3};
    static constexpr std::chrono::seconds kDiskPause{30};
    // Clearly less than the time after which a worker that does not end is killed (jobs/running_job.cpp).
    static constexpr std::chrono::seconds kDiskMoment{3};
    // During a handover the packets of the next worker wait in its ring meanwhile, which is large enough for
    // about a second.
    static constexpr std::chrono::milliseconds kMoment{500};
    static constexpr std::chrono::seconds kToTell{1};

    // waiting: how many bytes the output has not accepted.
    OutputPatience(Time began, std::uint64_t waiting, bool disk)
        : began_(began), taken_at_(began), least_(waiting), disk_(disk) {}

    // Tells whether to wait any longer. patient: nobody waits for the end of the capture.
    [[nodiscard]] bool goes_on(Time now, std::uint64_t waiting, bool patient) {
        if (waiting < least_) taken_at_ = now;
        least_ = std::min(least_, waiting);
        const Time::duration pause = disk_ ? kDiskPause : kPause;
        const Time::duration moment = disk_ ? Time::duration(kDiskMoment) : Time::duration(kMoment);
        return now - taken_at_ < pause && (patient || now - began_ < moment);
    }

    // Returns true once, when it is time to tell the user that the capture waits for the reader.
    [[nodiscard]] bool tells(Time now) {
        if (told_ || now - began_ < kToTell) return false;
        return told_ = true;
    }

  private:
    Time began_;
    Time taken_at_;
    std::uint64_t least_;
    bool disk_;
    bool told_ = false;
};

}  // namespace packetsentry::worker
