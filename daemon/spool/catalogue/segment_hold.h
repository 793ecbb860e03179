// Which segments somebody reads, so that it is known when one of them is removed meanwhile.
//
// A removed file takes its space on the disk until the last descriptor of it is closed. So its bytes will
// become free without another removal, and whoever has it open must not keep it for ever.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "daemon/spool/catalogue/removal.h"

namespace packetsentry::spool {

// One segment that is read. Any thread may ask it.
class SegmentHold {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // When a part of it was removed first; nothing: all is there.
    [[nodiscard]] std::optional<Time> removed_at() const {
        const auto since = removed_at_.load(std::memory_order_acquire);
        if (since == kNever) return std::nullopt;
        return Time(Time::duration(since));
    }
    [[nodiscard]] std::uint64_t removed_bytes() const {
        return removed_bytes_.load(std::memory_order_acquire);
    }

  private:
    friend class SegmentHolds;
    static constexpr Time::rep kNever = Time::duration::min().count();

    std::atomic<Time::rep> removed_at_ = kNever;
    std::atomic<std::uint64_t> removed_bytes_ = 0;
};

// One thread.
class SegmentHolds {
  public:
    // Whoever reads the segment keeps what this returns as long as its files are open.
    [[nodiscard]] std::shared_ptr<const SegmentHold> hold(std::uint64_t job, std::uint64_t counter);
    void removed(std::span<const RemovedFiles> removed);
    // Bytes of files that were removed and are still open.
    [[nodiscard]] std::uint64_t removed_bytes();

  private:
    void forget_unused();

    std::map<std::pair<std::uint64_t, std::uint64_t>, std::weak_ptr<SegmentHold>> holds_;
};

}  // namespace packetsentry::spool
