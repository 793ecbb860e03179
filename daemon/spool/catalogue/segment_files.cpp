#include "daemon/spool/catalogue/segment_files.h"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/spool/format/rows_frame.h"

namespace packetsentry::spool {
namespace {

base::Result<std::uint64_t> bytes_of(const Directory& directory, const std::string& name) {
    const auto file = directory.open_to_read(name);
    if (!file) return std::unexpected(file.error());
    return *file ? std::min(size_of(file->get()), kFileBytesLimit - 1) : 0;
}

base::Result<SegmentOutputs> create_files(const Directory& directory, const Segment& segment) {
    SegmentOutputs outputs;
    auto rows = directory.create(file_name(segment.name(), SegmentFile::rows));
    if (!rows) return std::unexpected(rows.error());
    outputs.rows = std::move(*rows);
    if (segment.packets == PacketsState::none) return outputs;
    auto packets = directory.create(file_name(segment.name(), SegmentFile::packets));
    if (!packets) {
        (void)remove_file(directory, segment, SegmentFile::rows);
        return std::unexpected(packets.error());
    }
    outputs.packets = std::move(*packets);
    return outputs;
}

}  // namespace

base::Result<WrittenBytes> written_bytes(const Directory& directory, const Segment& segment) {
    const auto rows = bytes_of(directory, file_name(segment.name(), SegmentFile::rows));
    if (!rows) return std::unexpected(rows.error());
    const auto packets = bytes_of(directory, file_name(segment.name(), SegmentFile::packets));
    if (!packets) return std::unexpected(packets.error());
    return WrittenBytes{.rows = *rows, .packets = *packets};
}

FileHeader rows_header(const FileHeader& identity, const Segment& segment) {
    FileHeader header = identity;
    header.kind = FileKind::rows;
    header.table = segment.table;
    header.counter = segment.counter;
    header.created_ns = segment.created_ns;
    return header;
}

base::Result<SegmentOutputs> make_files(const Directory& directory, const Segment& segment) {
    auto outputs = create_files(directory, segment);
    if (!outputs) return outputs;
    if (auto synced = directory.sync(); !synced) {
        (void)remove_files(directory, segment);
        return std::unexpected(synced.error());
    }
    return outputs;
}

base::Result<base::UniqueFd> open_part(const Directory& directory, const Segment& segment, SegmentFile part,
                                       std::uint64_t& bytes) {
    if (bytes == 0) return base::UniqueFd();
    auto file = directory.open_to_read(file_name(segment.name(), part));
    if (file) bytes = *file ? std::min(bytes, size_of(file->get())) : 0;
    return file;
}

base::Result<void> remove_file(const Directory& directory, const Segment& segment, SegmentFile file) {
    return directory.remove(file_name(segment.name(), file));
}

base::Result<void> remove_files(const Directory& directory, const Segment& segment) {
    for (const SegmentFile file : {SegmentFile::packets, SegmentFile::index, SegmentFile::rows})
        if (auto removed = remove_file(directory, segment, file); !removed) return removed;
    return {};
}

}  // namespace packetsentry::spool
