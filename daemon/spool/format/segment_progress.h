// What a segment has, up to its last whole block of rows.
#pragma once

#include <cstdint>

namespace packetsentry::spool {

// The names are those of CatalogueRecord. Numbers and times are 0 while there are no rows.
struct SegmentProgress {
    std::uint64_t rows_bytes = 0;     // closed length of the rows file
    std::uint64_t packets_bytes = 0;  // closed length of the pcapng
    std::uint32_t blocks = 0;
    std::uint64_t rows = 0;
    std::uint64_t first_number = 0;
    std::uint64_t last_number = 0;
    std::int64_t first_time_ns = 0;  // the earliest and the latest time of a row
    std::int64_t last_time_ns = 0;

    bool operator==(const SegmentProgress&) const = default;
};

}  // namespace packetsentry::spool
