#include "daemon/spool/search/found_rows.h"

#include <numeric>

#include "proto/rows/select_rows.h"

namespace packetsentry::spool {
namespace {

PacketCounts counts_without_file(const FoundRows& found) {
    PacketCounts counts;
    for (const PacketPlace& place : found.places)
        ++(place.bytes == 0 || found.packets_removed ? counts.not_stored : counts.unreadable);
    return counts;
}

}  // namespace

FoundRows part_of(const FoundRows& found, const proto::BatchView& view, std::uint32_t first,
                  std::uint32_t last) {
    std::vector<std::uint32_t> rows(last - first);
    std::iota(rows.begin(), rows.end(), first);
    FoundRows part{.job = found.job,
                   .run = found.run,
                   .batch = proto::select_rows(view, rows),
                   .packets = found.packets,
                   .packets_removed = found.packets_removed};
    if (!found.places.empty()) part.places.assign(found.places.begin() + first, found.places.begin() + last);
    if (!found.matching.empty())
        part.matching.assign(found.matching.begin() + first, found.matching.begin() + last);
    return part;
}

base::Result<PacketCounts> read_packets(const FoundRows& found, PacketSink& sink) {
    if (found.places.empty()) return PacketCounts{.not_stored = found.batch.rows()};
    if (found.packets == nullptr) return counts_without_file(found);
    return found.packets->read(found.places, sink);
}

}  // namespace packetsentry::spool
