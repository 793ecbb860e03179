#include "daemon/flows/own_losses.h"

namespace packetsentry::flows {

void OwnLosses::tell(std::uint64_t lost, std::int64_t time_ns, Clock::time_point now) {
    due_ = now + kInterval;
    if (lost == all()) return;
    newest_ = (newest_ + 1) % counts_.size();
    counts_[newest_] = {.time_ns = time_ns, .lost = lost};
}

std::uint64_t OwnLosses::long_before(std::int64_t time_ns) const {
    std::size_t at = newest_;
    for (std::size_t more = counts_.size() - 1; more != 0 && counts_[at].time_ns > time_ns; --more)
        at = (at + counts_.size() - 1) % counts_.size();
    return counts_[at].lost;
}

}  // namespace packetsentry::flows
