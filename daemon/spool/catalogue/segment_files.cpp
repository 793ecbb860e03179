#include "daemon/spool/catalogue/segment_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>

#include "daemon/base/syscall.h"
#include "daemon/spool/format/rows_frame.h"

namespace packetsentry::spool {
namespace {

// Returns nothing if there is no such file.
base::Result<std::optional<std::uint64_t>> bytes_of(const Directory& directory, const std::string& name) {
    const auto file = directory.open_to_read(name);
    if (!file) return std::unexpected(file.error());
    if (!*file) return std::nullopt;
    return std::min(size_of(file->get()), kFileBytesLimit - 1);
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

base::Result<void> truncate(const Directory& directory, const std::string& name, std::uint64_t bytes) {
    const auto file = directory.open_to_append(name);
    if (!file) return std::unexpected(file.error());
    if (!*file || size_of(file->get()) <= bytes) return {};
    if (::ftruncate(file->get(), static_cast<off_t>(bytes)) == 0) return {};
    return base::syscall_failed("truncate '" + directory.path_of(name) + "'", base::ErrorCode::file);
}

// The kernel gives a lease for reading only while nobody has the file open for writing (fcntl(2)).
bool is_open_to_write(const Directory& directory, const std::string& name) {
    const auto file = directory.open_to_read(name);
    if (!file || !*file) return false;
    if (::fcntl(file->get(), F_SETLEASE, F_RDLCK) != 0) return errno == EAGAIN;
    (void)::fcntl(file->get(), F_SETLEASE, F_UNLCK);
    return false;
}

}  // namespace

base::Result<WrittenBytes> written_bytes(const Directory& directory, const Segment& segment) {
    const auto rows = bytes_of(directory, file_name(segment.name(), SegmentFile::rows));
    if (!rows) return std::unexpected(rows.error());
    const auto packets = bytes_of(directory, file_name(segment.name(), SegmentFile::packets));
    if (!packets) return std::unexpected(packets.error());
    const bool complete = *rows && (*packets || segment.packets != PacketsState::kept);
    return WrittenBytes{.rows = rows->value_or(0), .packets = packets->value_or(0), .complete = complete};
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

base::Result<void> truncate_files(const Directory& directory, const Segment& segment) {
    const SegmentName name = segment.name();
    auto rows = truncate(directory, file_name(name, SegmentFile::rows), segment.progress.rows_bytes);
    auto packets = truncate(directory, file_name(name, SegmentFile::packets), segment.progress.packets_bytes);
    return rows ? packets : rows;
}

bool is_being_written(const Directory& directory, const Segment& segment) {
    return is_open_to_write(directory, file_name(segment.name(), SegmentFile::rows)) ||
           is_open_to_write(directory, file_name(segment.name(), SegmentFile::packets));
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
