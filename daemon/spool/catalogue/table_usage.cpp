#include "daemon/spool/catalogue/table_usage.h"

#include <algorithm>
#include <map>

namespace packetsentry::spool {
namespace {

constexpr std::int64_t kMinute = 60'000'000'000;
constexpr std::int64_t kDay = 1440 * kMinute;

// What was recorded during the last day, also if it has been removed since.
struct LastDay {
    std::int64_t since_ns = 0;
    std::uint64_t bytes = 0;
};

void make_earlier(std::optional<std::int64_t>& earliest, std::int64_t time_ns) {
    earliest = std::min(earliest.value_or(time_ns), time_ns);
}

void look_back(KeptSince& since, const Segment& segment) {
    if (!segment.kept() || !segment.rows_known()) return;
    make_earlier(since.rows_ns, segment.progress.first_time_ns);
    if (segment.packets == PacketsState::kept) make_earlier(since.packets_ns, segment.progress.first_time_ns);
}

void count_kept(TableUsage& usage, const Segment& segment) {
    if (!segment.kept()) return;
    ++usage.segments;
    usage.rows += segment.progress.rows;
    usage.rows_bytes += segment.rows_on_disk() + segment.unreported.rows;
    usage.packets_bytes += segment.packets_on_disk() + segment.unreported.packets;
}

void count_recorded(LastDay& day, const Segment& segment, std::int64_t now_ns) {
    if (segment.created_ns > now_ns || segment.created_ns < now_ns - kDay) return;
    day.since_ns = day.bytes == 0 ? segment.created_ns : std::min(day.since_ns, segment.created_ns);
    day.bytes += segment.progress.rows_bytes + segment.progress.packets_bytes + segment.index_bytes;
}

std::optional<std::uint64_t> rate_of(const LastDay& day, std::int64_t now_ns) {
    if (day.bytes == 0 || now_ns - day.since_ns < kMinute) return std::nullopt;
    const double days = static_cast<double>(now_ns - day.since_ns) / static_cast<double>(kDay);
    return static_cast<std::uint64_t>(static_cast<double>(day.bytes) / days);
}

}  // namespace

KeptSince kept_since(const std::vector<Segment>& segments, std::uint32_t table) {
    KeptSince since;
    for (const Segment& segment : segments)
        if (segment.table == table) look_back(since, segment);
    return since;
}

std::vector<TableUsage> usage_by_table(const std::vector<Segment>& segments, std::int64_t now_ns) {
    std::map<std::uint32_t, std::pair<TableUsage, LastDay>> tables;
    for (const Segment& segment : segments) {
        auto& [usage, day] = tables[segment.table];
        usage.table = segment.table;
        count_kept(usage, segment);
        count_recorded(day, segment, now_ns);
    }
    std::vector<TableUsage> usages;
    for (auto& [table, counted] : tables) {
        const KeptSince since = kept_since(segments, table);
        counted.first.rows_since_ns = since.rows_ns;
        counted.first.packets_since_ns = since.packets_ns;
        counted.first.bytes_per_day = rate_of(counted.second, now_ns);
        usages.push_back(counted.first);
    }
    return usages;
}

}  // namespace packetsentry::spool
