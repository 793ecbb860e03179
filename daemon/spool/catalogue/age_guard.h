// Keeps age from removing anything after the wall clock has jumped forward, because a wrong clock would
// make everything old at once.
#pragma once

#include <chrono>
#include <cstdint>

namespace packetsentry::spool {

// One thread. Reads no clock.
class AgeGuard {
  public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::hours kLongestJump{24};
    static constexpr std::chrono::hours kPause{1};

    // last_known_ns: the newest time of the wall clock that the spool knows; 0: it knows none. While the
    // daemon was stopped, nothing else tells how far the clock has moved.
    explicit AgeGuard(std::int64_t last_known_ns) : wall_ns_(last_known_ns), known_(last_known_ns != 0) {}

    // steady, wall_ns: what both clocks say now. Returns whether age may remove anything now: not for an
    // hour after the wall clock has gone more than a day further than the steady one since the last call.
    [[nodiscard]] bool may_remove(Time steady, std::int64_t wall_ns);

  private:
    [[nodiscard]] bool has_jumped(Time steady, std::int64_t wall_ns) const;

    std::int64_t wall_ns_;
    bool known_;
    bool called_ = false;
    Time steady_ = {};
    Time paused_until_ = Time::min();
};

}  // namespace packetsentry::spool
