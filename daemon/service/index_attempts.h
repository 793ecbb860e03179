// Remembers which indexes could not be made, and when each of them is tried again.
#pragma once

#include <algorithm>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>

namespace packetsentry::service {

// A tidy worker may have been killed, and a disk may be full for a while; but what is in a segment may also
// make every tidy worker fail. So each further attempt comes later. This class reads no clock.
class IndexAttempts {
  public:
    using Time = std::chrono::steady_clock::time_point;

    struct Segment {
        std::uint64_t job = 0;
        std::uint64_t counter = 0;
        auto operator<=>(const Segment&) const = default;
    };

    static constexpr std::chrono::seconds kFirstPause{2};
    static constexpr std::chrono::hours kLongestPause{1};
    static constexpr std::size_t kSegments = 4096;  // of more, those that were tried first are forgotten

    [[nodiscard]] bool may_try(const Segment& segment, Time now) const {
        const auto failed = failed_.find(segment);
        return failed == failed_.end() || now >= failed->second.due;
    }
    void fails(const Segment& segment, Time now) {
        Failed& failed = failed_[segment];
        failed.pause = failed.pause.count() == 0
                           ? std::chrono::seconds(kFirstPause)
                           : std::min<std::chrono::seconds>(failed.pause * kSlower, kLongestPause);
        failed.due = now + failed.pause;
        if (failed_.size() <= kSegments) return;
        const auto first = [](const auto& a, const auto& b) { return a.second.due < b.second.due; };
        failed_.erase(std::ranges::min_element(failed_, first));
    }
    void succeeds(const Segment& segment) { failed_.erase(segment); }

  private:
    static constexpr int kSlower = 8;

    struct Failed {
        std::chrono::seconds pause{};
        Time due;
    };

    std::map<Segment, Failed> failed_;
};

}  // namespace packetsentry::service
