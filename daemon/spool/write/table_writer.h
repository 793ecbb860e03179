// What fills the segments of one table, one after the other (FORMAT.md). Its bytes leave through a
// SegmentOutput, so nothing here waits for a disk.
//
//   begin() ─ append() … append() ─ full() ─ end_block() ─ begin() with the header of the next segment …
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "daemon/spool/format/file_header.h"
#include "daemon/spool/format/segment_room.h"

namespace packetsentry::spool {

// These are no part of the format, which allows more.
struct SegmentLimits {
    // A block of rows ends when it has reached one of these, or when record/ has no room for another row.
    std::uint32_t block_rows = 4096;
    std::uint64_t block_packet_bytes = 8U << 20;  // in the pcapng
    std::chrono::nanoseconds block_age = std::chrono::seconds(10);
    // A segment is full when it has reached one of these. Its last packet and its last frame may go
    // beyond the bytes.
    std::uint64_t rows = 262'144;
    std::uint64_t bytes = kFullSegmentBytes;  // of both files
    std::chrono::nanoseconds age = std::chrono::hours(1);
};

// One thread. now: what the steady clock says. It may be a moment old, so a caller who appends many rows at
// once asks the clock once. How a row is appended is the matter of each table.
class TableWriter {
  public:
    using Time = std::chrono::steady_clock::time_point;

    virtual ~TableWriter() = default;

    // Begins a segment. header: of the rows file. The last block of the segment before must have been ended.
    virtual void begin(const FileHeader& header, Time now) = 0;
    // When the open block of rows must be ended because of its age; nothing if it is empty. A row that is
    // appended ends a block that is too old, but while none comes the caller calls end_block() then.
    [[nodiscard]] virtual std::optional<Time> block_due() const = 0;
    // Gives the open block of rows to the output, if there is one.
    virtual void end_block() = 0;

    // Tells whether the segment has reached a limit. The next row should then begin another segment.
    [[nodiscard]] virtual bool full(Time now) const = 0;
    // Returns the bytes of both files of the segment, without the rows of the open block.
    [[nodiscard]] virtual std::uint64_t bytes() const = 0;
    // Rows since the first segment that are in no block, because their number did not ascend, because readers
    // would not take them, or because they were not there any more when the block was ended.
    [[nodiscard]] virtual std::uint64_t rows_refused() const = 0;
};

}  // namespace packetsentry::spool
