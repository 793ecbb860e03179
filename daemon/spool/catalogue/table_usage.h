// What a job keeps of a table, how far back, and how fast it grows.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/spool/catalogue/segment.h"

namespace packetsentry::spool {

// The earliest time of a row, or of a packet, that is kept. Before it nothing is. Nothing if there are no
// rows, or none whose times are known.
struct KeptSince {
    std::optional<std::int64_t> rows_ns = {};
    std::optional<std::int64_t> packets_ns = {};

    bool operator==(const KeptSince&) const = default;
};

struct TableUsage {
    std::uint32_t table = 0;  // wire::Table
    std::uint64_t segments = 0;
    std::uint64_t rows = 0;                          // as far as their number is known
    std::uint64_t rows_bytes = 0;                    // with indexes
    std::uint64_t packets_bytes = 0;                 // files with packets
    std::optional<std::int64_t> rows_since_ns = {};  // as in KeptSince
    std::optional<std::int64_t> packets_since_ns = {};
    // Bytes a day at the rate of the last day, or of what there is of it. Nothing while that is less than
    // a minute.
    std::optional<std::uint64_t> bytes_per_day = {};
};

// It costs a look at each segment, and nothing else.
[[nodiscard]] KeptSince kept_since(const std::vector<Segment>& segments, std::uint32_t table);

// segments: of one job. Tables are in the order of their numbers, and only those that have had a segment.
// now_ns: the wall clock.
[[nodiscard]] std::vector<TableUsage> usage_by_table(const std::vector<Segment>& segments,
                                                     std::int64_t now_ns);

}  // namespace packetsentry::spool
