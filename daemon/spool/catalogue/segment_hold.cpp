#include "daemon/spool/catalogue/segment_hold.h"

#include "daemon/base/clock.h"

namespace packetsentry::spool {

void SegmentHolds::forget_unused() {
    std::erase_if(holds_, [](const auto& hold) { return hold.second.expired(); });
}

std::shared_ptr<const SegmentHold> SegmentHolds::hold(std::uint64_t job, std::uint64_t counter) {
    forget_unused();
    std::weak_ptr<SegmentHold>& known = holds_[{job, counter}];
    if (auto held = known.lock()) return held;
    auto held = std::make_shared<SegmentHold>();
    known = held;
    return held;
}

void SegmentHolds::removed(std::span<const RemovedFiles> removed) {
    for (const RemovedFiles& files : removed) {
        const auto found = holds_.find({files.job, files.counter});
        const auto held = found == holds_.end() ? nullptr : found->second.lock();
        if (!held) continue;
        held->removed_bytes_ += files.bytes;
        if (!held->removed_at()) held->removed_at_ = base::SteadyClock::now().time_since_epoch().count();
    }
}

std::uint64_t SegmentHolds::removed_bytes() {
    forget_unused();
    std::uint64_t bytes = 0;
    for (const auto& [segment, hold] : holds_)
        if (const auto held = hold.lock()) bytes += held->removed_bytes();
    return bytes;
}

}  // namespace packetsentry::spool
