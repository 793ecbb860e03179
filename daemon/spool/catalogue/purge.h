// Removing what a job has recorded before a time, because somebody asks for it.
#pragma once

#include <cstdint>
#include <vector>

#include "daemon/spool/catalogue/removal.h"
#include "daemon/spool/catalogue/segment.h"

namespace packetsentry::spool {

struct PurgeOrder {
    std::uint64_t job = 0;
    std::int64_t before_ns = 0;
    bool whole = false;    // also segments with rows on both sides of before_ns
    bool dry_run = false;  // only tells what would be removed
};

// A segment that has rows, or may have rows, from before the time and stays.
struct StayingSegment {
    std::uint64_t counter = 0;
    std::uint32_t table = 0;
    bool open = false;         // it is never removed
    bool times_known = false;  // otherwise these are when it was begun and closed
    TimeRange times = {};
};

struct PurgeReport {
    RemovedTotal removed = {};  // or, in a dry run, what would be
    std::uint64_t rows = 0;     // in the removed segments, as far as their number is known
    std::vector<StayingSegment> staying = {};
};

// What a purge does, and does not.
struct PurgePlan {
    std::vector<Removal> removals = {};
    std::uint64_t rows = 0;
    std::vector<StayingSegment> staying = {};
};

// A segment whose times are not known is taken for one with rows on both sides, unless it was begun at or
// after the time. segments: of the job in the order.
[[nodiscard]] PurgePlan plan_purge(const std::vector<Segment>& segments, const PurgeOrder& order);

}  // namespace packetsentry::spool
