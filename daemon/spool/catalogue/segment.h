// What the control process knows about a segment, in memory.
#pragma once

#include <cstdint>
#include <limits>

#include "daemon/spool/catalogue/terms_pool.h"
#include "daemon/spool/format/catalogue_record.h"
#include "daemon/spool/format/segment_name.h"
#include "daemon/spool/format/segment_progress.h"

namespace packetsentry::spool {

// Both ends belong to it. Nanoseconds since 1970.
struct TimeRange {
    std::int64_t since_ns = std::numeric_limits<std::int64_t>::min();
    std::int64_t until_ns = std::numeric_limits<std::int64_t>::max();
};

// Lengths of the two files that a worker writes.
struct WrittenBytes {
    std::uint64_t rows = 0;
    std::uint64_t packets = 0;
    bool complete = true;  // no file that should be there is missing
};

// Each member is as in CatalogueRecord. A segment that was found without a usable record has the owner
// kUnknownOwner, the run 0 and no terms.
struct Segment {
    SegmentState state = SegmentState::open;
    PacketsState packets = PacketsState::none;
    std::uint32_t table = 0;
    std::uint32_t run = 0;
    std::uint32_t owner_uid = kUnknownOwner;
    std::uint64_t counter = 0;
    std::int64_t created_ns = 0;
    std::int64_t closed_ns = 0;
    SegmentProgress progress = {};
    std::uint64_t index_bytes = 0;
    Terms terms = {};
    // These are known in memory alone.
    WrittenBytes unreported =
        {};  // in its files behind its progress, when they were looked at last; no record has it
    bool rows_missing = false;  // somebody has found that its rows cannot all be read
    bool repair_tried = false;  // once, so that nobody works in vain again and again

    [[nodiscard]] bool owner_known() const { return owner_uid != kUnknownOwner; }
    [[nodiscard]] bool kept() const { return state != SegmentState::removed; }
    // The times and numbers of its rows are known. They are not, until its index has been made, if the
    // daemon was stopped while the segment was open.
    [[nodiscard]] bool rows_known() const { return progress.rows != 0; }
    [[nodiscard]] bool needs_index() const {
        return state == SegmentState::closed && (index_bytes == 0 || needs_repair());
    }
    // Its packets may have more than its rows file: after a crash, or if that was damaged.
    [[nodiscard]] bool needs_repair() const {
        return state == SegmentState::closed && packets_on_disk() != 0 && !repair_tried &&
               (!rows_known() || rows_missing);
    }

    // A segment that is kept and whose times are not known overlaps each range, because nobody knows
    // better. A removed one whose times were never known has those at which it was begun and closed.
    [[nodiscard]] bool overlaps(const TimeRange& range) const;
    // The times of its rows, or else those at which it was begun and closed.
    [[nodiscard]] TimeRange times() const;

    // These are the bytes that it takes on the disk, without those that are unreported.
    [[nodiscard]] std::uint64_t rows_on_disk() const;  // with its index
    [[nodiscard]] std::uint64_t packets_on_disk() const;

    // The time from which its age counts.
    [[nodiscard]] std::int64_t newest_ns() const;

    [[nodiscard]] SegmentName name() const { return segment_name(counter, created_ns); }
};

[[nodiscard]] CatalogueRecord record_of(const Segment& segment);
[[nodiscard]] Segment segment_of(const CatalogueRecord& record, TermsPool& terms);

// A worker tells the progress of a segment, and may have been taken over. False: no segment can have
// this.
[[nodiscard]] bool is_possible(const SegmentProgress& progress);
// False: no segment can have this after what was told before. So rows that were reported once cannot be
// denied later.
[[nodiscard]] bool may_follow(const SegmentProgress& progress, const SegmentProgress& before);

}  // namespace packetsentry::spool
