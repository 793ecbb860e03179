#include "daemon/spool/catalogue/segment.h"

#include <algorithm>

#include "daemon/spool/format/rows_frame.h"

namespace packetsentry::spool {
namespace {

// A network card can have a clock of its own, which honest packets have their times from.
constexpr std::int64_t kClockDifference = 3'600'000'000'000;

}  // namespace

// A worker that has been taken over can say any time of its rows, and must not have the segment kept for
// ever. So its latest time counts as far as this process's own clock makes it possible. This clock may have
// been wrong too, and then the rows are not older than what they say.
std::int64_t Segment::newest_ns() const {
    const std::int64_t own = std::max(created_ns, closed_ns);
    std::int64_t possible = 0;
    if (__builtin_add_overflow(own, kClockDifference, &possible)) possible = own;
    return std::max(own, std::min(times().until_ns, possible));
}

TimeRange Segment::times() const {
    if (rows_known()) return {progress.first_time_ns, progress.last_time_ns};
    return {std::min(created_ns, closed_ns), std::max(created_ns, closed_ns)};
}

bool Segment::overlaps(const TimeRange& range) const {
    if (kept() && !rows_known()) return true;
    const TimeRange own = times();
    return own.since_ns <= range.until_ns && own.until_ns >= range.since_ns;
}

std::uint64_t Segment::rows_on_disk() const {
    return kept() ? progress.rows_bytes + index_bytes : 0;
}

std::uint64_t Segment::packets_on_disk() const {
    return kept() && packets == PacketsState::kept ? progress.packets_bytes : 0;
}

CatalogueRecord record_of(const Segment& segment) {
    return {.state = segment.state,
            .packets = segment.packets,
            .table = segment.table,
            .run = segment.run,
            .owner_uid = segment.owner_uid,
            .counter = segment.counter,
            .created_ns = segment.created_ns,
            .closed_ns = segment.closed_ns,
            .first_time_ns = segment.progress.first_time_ns,
            .last_time_ns = segment.progress.last_time_ns,
            .first_number = segment.progress.first_number,
            .last_number = segment.progress.last_number,
            .rows = segment.progress.rows,
            .blocks = segment.progress.blocks,
            .rows_bytes = segment.progress.rows_bytes,
            .packets_bytes = segment.progress.packets_bytes,
            .index_bytes = segment.index_bytes,
            .terms = *segment.terms};
}

Segment segment_of(const CatalogueRecord& record, TermsPool& terms) {
    return {.state = record.state,
            .packets = record.packets,
            .table = record.table,
            .run = record.run,
            .owner_uid = record.owner_uid,
            .counter = record.counter,
            .created_ns = record.created_ns,
            .closed_ns = record.closed_ns,
            .progress = {.rows_bytes = record.rows_bytes,
                         .packets_bytes = record.packets_bytes,
                         .blocks = record.blocks,
                         .rows = record.rows,
                         .first_number = record.first_number,
                         .last_number = record.last_number,
                         .first_time_ns = record.first_time_ns,
                         .last_time_ns = record.last_time_ns},
            .index_bytes = record.index_bytes,
            .terms = terms.share(record.terms)};
}

bool is_possible(const SegmentProgress& progress) {
    if (progress.rows_bytes >= kFileBytesLimit || progress.packets_bytes >= kFileBytesLimit) return false;
    if (progress.rows == 0) return progress.blocks == 0;
    return progress.blocks != 0 && progress.blocks <= kBlockLimit && progress.blocks <= progress.rows &&
           progress.rows <= std::uint64_t{progress.blocks} * proto::kBatchRowLimit &&
           progress.first_number != 0 && progress.first_number <= progress.last_number &&
           progress.last_number <= proto::kNumberLimit &&
           progress.rows - 1 <= progress.last_number - progress.first_number &&
           progress.first_time_ns <= progress.last_time_ns;
}

bool may_follow(const SegmentProgress& progress, const SegmentProgress& before) {
    if (!is_possible(progress) || progress.rows < before.rows || progress.blocks < before.blocks ||
        progress.rows_bytes < before.rows_bytes || progress.packets_bytes < before.packets_bytes)
        return false;
    return before.rows == 0 ||
           (progress.first_number == before.first_number && progress.last_number >= before.last_number &&
            progress.first_time_ns <= before.first_time_ns && progress.last_time_ns >= before.last_time_ns);
}

}  // namespace packetsentry::spool
