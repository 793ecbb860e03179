#include "daemon/spool/catalogue/readable_segment.h"

#include <utility>

#include "daemon/spool/catalogue/segment_files.h"

namespace packetsentry::spool {

base::Result<ReadableSegment> open_segment(const Directory& directory, const Segment& segment) {
    ReadableSegment readable{.segment = segment,
                             .rows_bytes = segment.progress.rows_bytes,
                             .packets_bytes = segment.packets_on_disk(),
                             .index_bytes = segment.index_bytes};
    auto rows = open_part(directory, segment, SegmentFile::rows, readable.rows_bytes);
    auto packets = open_part(directory, segment, SegmentFile::packets, readable.packets_bytes);
    auto index = open_part(directory, segment, SegmentFile::index, readable.index_bytes);
    for (const auto* opened : {&rows, &packets, &index})
        if (!*opened) return std::unexpected(opened->error());
    readable.rows = std::move(*rows);
    readable.packets = std::move(*packets);
    readable.index = std::move(*index);
    return readable;
}

}  // namespace packetsentry::spool
