// Which segments are to be removed, so that the spool stays within its limits. This is a function of its
// arguments: it reads no clock and no disk, and removes nothing.
//
// Four rules are applied, each to what the one before has left:
//  1. Age. Packets, and rows of each table, have an age of their own.
//  2. Bytes of a table of a job, or of jobs that share their limits: packets, and rows of each table.
//  3. Bytes of all jobs that users keep. The user who keeps the most loses first, so that nobody takes
//     the space of the others. Whoever keeps no more than an equal share loses nothing, even if others
//     have open segments of more than the whole limit.
//  4. Bytes of the spool, and the part of the disk that must stay free. Where these are short, jobs that
//     users keep are removed before data of standing jobs, and here too the user who keeps the most loses
//     first. Packets are removed before rows, because they take most of the space and rows are meant to be
//     kept longer.
//
// Each rule removes the oldest first, and stops as soon as its limit is kept. So no limit is exceeded by
// more than the open segments, which are never removed and which count, and no rule removes a segment
// more than it must. Segments of one job are older the lower their counters are, whatever the clock said.
//
// For the third rule a segment counts as at least a part of the limit, however small it is. So users have
// at most kUserSegments of them, and cannot fill the memory of the daemon or the directories of the disk
// with jobs that keep nearly nothing.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <vector>

#include "daemon/spool/catalogue/removal.h"

namespace packetsentry::spool {

inline constexpr std::uint64_t kNoBytesLimit = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::uint64_t kUserSegments = 4096;
inline constexpr std::int64_t kNoAgeLimit = std::numeric_limits<std::int64_t>::max();

struct KeepLimits {
    std::uint64_t bytes = kNoBytesLimit;
    std::int64_t age_ns = kNoAgeLimit;
};

struct JobLimits {
    bool kept_by_user = false;  // otherwise it is a standing job
    // Jobs with the same number have their limits of bytes together; 0: the job has its own.
    std::uint64_t shared = 0;
    KeepLimits packets = {};  // files with packets
    // False: rows have no use without their packets, so a segment whose packets are to be removed is
    // removed whole. Packets are never kept without their rows.
    bool rows_outlive_packets = true;
    std::map<std::uint32_t, KeepLimits> rows = {};  // with their indexes, of each table (wire::Table)
};

struct SpoolLimits {
    std::map<std::uint64_t, JobLimits> jobs = {};
    JobLimits other_jobs = {};                 // for a job that is not in jobs
    std::uint64_t user_bytes = kNoBytesLimit;  // of all jobs that users keep
    std::uint64_t bytes = kNoBytesLimit;       // of the spool
    std::uint64_t free_disk = 0;               // bytes that must be free on its disk
};

// A segment as retention sees it.
struct StoredSegment {
    std::uint64_t job = 0;
    std::uint64_t counter = 0;
    std::uint32_t table = 0;
    std::uint32_t owner_uid = 0;  // of the job
    bool open = false;
    std::int64_t newest_ns = 0;       // the time from which its age counts
    std::uint64_t rows_bytes = 0;     // with its index
    std::uint64_t packets_bytes = 0;  // 0: it has no packets, or they were removed

    [[nodiscard]] std::uint64_t bytes() const { return rows_bytes + packets_bytes; }
};

struct RetentionInput {
    std::int64_t now_ns = 0;                                               // the wall clock
    bool age_may_remove = true;                                            // age_guard.h
    std::uint64_t free_bytes = std::numeric_limits<std::uint64_t>::max();  // on the disk of the spool
    // Bytes of removed files that somebody still reads. They become free without another removal.
    std::uint64_t returning_bytes = 0;
};

// Returns the removals in the order in which they are to be done, at most one of each segment.
[[nodiscard]] std::vector<Removal> plan_removals(std::span<const StoredSegment> segments,
                                                 const SpoolLimits& limits, const RetentionInput& input);

}  // namespace packetsentry::spool
