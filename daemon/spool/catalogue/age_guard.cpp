#include "daemon/spool/catalogue/age_guard.h"

namespace packetsentry::spool {

bool AgeGuard::may_remove(Time steady, std::int64_t wall_ns) {
    if (has_jumped(steady, wall_ns)) paused_until_ = steady + kPause;
    wall_ns_ = wall_ns;
    steady_ = steady;
    known_ = called_ = true;
    return steady >= paused_until_;
}

// The steady clock of an earlier process says nothing.
bool AgeGuard::has_jumped(Time steady, std::int64_t wall_ns) const {
    if (!known_ || wall_ns <= wall_ns_) return false;
    const auto passed = called_ ? steady - steady_ : Time::duration::zero();
    // The difference of two signed numbers always fits in an unsigned one.
    const std::uint64_t moved = static_cast<std::uint64_t>(wall_ns) - static_cast<std::uint64_t>(wall_ns_);
    const auto expected = std::chrono::nanoseconds(passed + kLongestJump).count();
    return moved > static_cast<std::uint64_t>(expected);
}

}  // namespace packetsentry::spool
