#include "daemon/spool/catalogue/removed_segments.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "daemon/spool/format/rows_frame.h"

namespace packetsentry::spool {
namespace {

std::uint64_t sum_below(std::uint64_t a, std::uint64_t b, std::uint64_t limit) {
    return std::min(a + b, limit);
}

void merge_progress(SegmentProgress& into, const SegmentProgress& older) {
    into.rows = sum_below(into.rows, older.rows, proto::kNumberLimit);
    into.blocks = static_cast<std::uint32_t>(sum_below(into.blocks, older.blocks, kBlockLimit));
    into.rows_bytes = sum_below(into.rows_bytes, older.rows_bytes, kFileBytesLimit - 1);
    into.packets_bytes = sum_below(into.packets_bytes, older.packets_bytes, kFileBytesLimit - 1);
    // Each run of a job counts its rows from 1.
    into.first_number = 0;
    into.last_number = 0;
}

void merge_into(Segment& newer, const Segment& older) {
    const TimeRange a = newer.times();
    const TimeRange b = older.times();
    merge_progress(newer.progress, older.progress);
    if (newer.rows_known()) {
        newer.progress.first_time_ns = std::min(a.since_ns, b.since_ns);
        newer.progress.last_time_ns = std::max(a.until_ns, b.until_ns);
    }
    newer.created_ns = std::min(newer.created_ns, older.created_ns);
    newer.closed_ns = std::max(newer.closed_ns, older.closed_ns);
    newer.index_bytes = sum_below(newer.index_bytes, older.index_bytes, kFileBytesLimit - 1);
}

std::map<std::uint32_t, std::size_t> count_removed(const std::vector<Segment>& segments) {
    std::map<std::uint32_t, std::size_t> removed;
    for (const Segment& segment : segments)
        if (!segment.kept()) ++removed[segment.table];
    return removed;
}

}  // namespace

bool only_counts(const Segment& segment) {
    return !segment.kept() && segment.progress.rows_bytes == 0;
}

void merge_removed(std::vector<Segment>& segments, std::size_t kept) {
    auto left = count_removed(segments);
    std::map<std::uint32_t, Segment> older;  // the oldest of a table, merged so far
    std::vector<Segment> merged;
    merged.reserve(segments.size());
    for (Segment& segment : segments) {
        if (!segment.kept()) {
            if (const auto found = older.find(segment.table); found != older.end()) {
                merge_into(segment, found->second);
                older.erase(found);
            }
            if (left[segment.table] > kept) {
                --left[segment.table];
                older.insert_or_assign(segment.table, std::move(segment));
                continue;
            }
        }
        merged.push_back(std::move(segment));
    }
    segments = std::move(merged);
}

}  // namespace packetsentry::spool
