// Where the bytes of a segment go: a queue of chunks, which a thread writes
// (capture/file/output_thread.h).
#pragma once

#include "daemon/capture/file/output_chunk.h"
#include "daemon/spool/format/segment_progress.h"

namespace packetsentry::spool {

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
