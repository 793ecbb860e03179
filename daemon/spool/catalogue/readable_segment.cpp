#include "daemon/spool/catalogue/readable_segment.h"

#include <utility>

#include "daemon/spool/catalogue/segment_files.h"

namespace packetsentry::spool {
namespace {

void open_packets(const Directory& directory, const Segment& segment, ReadableSegment& readable) {
    if (readable.packets_bytes == 0) return;
    auto packets = directory.open_to_read(file_name(segment.name(), SegmentFile::packets));
    if (!packets)
        readable.packets_trouble = packets.error().message;
    else if (!*packets)
        readable.packets_trouble = "its packets are not there";
    else
        readable.packets = std::move(*packets);
}

}  // namespace

base::Result<ReadableSegment> open_segment(const Directory& directory, const FileHeader& identity,
                                           const Segment& segment) {
    ReadableSegment readable{.segment = segment,
                             .header = rows_header(identity, segment),
                             .rows_bytes = segment.progress.rows_bytes,
                             .packets_bytes = segment.packets_on_disk(),
                             .index_bytes = segment.index_bytes};
    std::uint64_t present = readable.rows_bytes;
    auto rows = open_part(directory, segment, SegmentFile::rows, present);
    if (!rows) return std::unexpected(rows.error());
    readable.rows = std::move(*rows);
    open_packets(directory, segment, readable);
    auto index = open_part(directory, segment, SegmentFile::index, readable.index_bytes);
    if (index)
        readable.index = std::move(*index);
    else
        readable.index_bytes = 0;
    return readable;
}

}  // namespace packetsentry::spool
