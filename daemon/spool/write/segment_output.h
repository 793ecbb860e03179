// Where the bytes of a segment go: a queue of chunks, which a thread writes
// (capture/file/output_thread.h).
#pragma once

#include <cstdint>

#include "daemon/capture/file/output_chunk.h"

namespace packetsentry::spool {

// What a segment has, up to its last whole block of rows. The names are those of CatalogueRecord. Numbers
// and times are 0 while there are no rows.
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

// Takes chunks of the two files of the present segment. They must be written in the order in which they
// are given, because the packets of a block of rows come before the frame that names their place
// (FORMAT.md, "Packets", rule 4). Each function returns an empty chunk, whose memory may have been used
// before.
//
// If a chunk cannot be written, the segment must end before it: whoever goes on begins another segment.
class SegmentOutput {
  public:
    virtual ~SegmentOutput() = default;

    // chunk: whole blocks of the pcapng.
    [[nodiscard]] virtual capture::OutputChunk give_packets(capture::OutputChunk chunk) = 0;
    // chunk: the header of the rows file, or a frame. progress: what may be reported for the catalogue as
    // soon as this chunk and all before it have been written.
    [[nodiscard]] virtual capture::OutputChunk give_rows(capture::OutputChunk chunk,
                                                         const SegmentProgress& progress) = 0;
};

}  // namespace packetsentry::spool
