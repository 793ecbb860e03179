#include "daemon/spool/catalogue/index_making.h"

#include <unistd.h>

#include <string>
#include <utility>

#include "daemon/base/syscall.h"
#include "daemon/spool/catalogue/segment_files.h"

namespace packetsentry::spool {
namespace {

std::string index_name(const Segment& segment) {
    return file_name(segment.name(), SegmentFile::index);
}

std::string unfinished_index_name(const Segment& segment) {
    return index_name(segment) + std::string(kUnfinished);
}

// A worker that has been taken over may have written more than it says.
base::Result<void> truncate_index(const Directory& directory, const std::string& name, std::uint64_t bytes) {
    const auto file = directory.open_to_append(name);
    if (!file) return std::unexpected(file.error());
    if (*file && ::ftruncate(file->get(), static_cast<off_t>(bytes)) == 0) return {};
    return base::syscall_failed("truncate '" + directory.path_of(name) + "'", base::ErrorCode::file);
}

}  // namespace

base::Result<BegunIndex> begin_index_file(const Directory& directory, const Segment& segment) {
    BegunIndex begun{.rows_bytes = segment.progress.rows_bytes};
    auto rows = open_part(directory, segment, SegmentFile::rows, begun.rows_bytes);
    if (!rows) return std::unexpected(rows.error());
    if (auto removed = remove_begun_index(directory, segment); !removed)
        return std::unexpected(removed.error());
    auto index = directory.create(unfinished_index_name(segment));
    if (!index) return std::unexpected(index.error());
    begun.rows = std::move(*rows);
    begun.index = std::move(*index);
    return begun;
}

base::Result<void> finish_index_file(const Directory& directory, const Segment& segment,
                                     std::uint64_t bytes) {
    const std::string unfinished = unfinished_index_name(segment);
    const auto file = directory.open_to_read(unfinished);
    if (!file) return std::unexpected(file.error());
    if (!*file || bytes == 0 || size_of(file->get()) < bytes)
        return base::fail(base::ErrorCode::file,
                          "the index '" + directory.path_of(unfinished) + "' was not written to its end");
    if (auto cut = truncate_index(directory, unfinished, bytes); !cut) return cut;
    if (::fsync(file->get()) != 0)
        return base::syscall_failed("write '" + directory.path_of(unfinished) + "' to the disk",
                                    base::ErrorCode::file);
    return directory.rename(unfinished, index_name(segment));
}

base::Result<std::uint64_t> begun_index_bytes(const Directory& directory, const Segment& segment) {
    const auto file = directory.open_to_read(unfinished_index_name(segment));
    if (!file) return std::unexpected(file.error());
    return *file ? size_of(file->get()) : 0;
}

base::Result<void> remove_begun_index(const Directory& directory, const Segment& segment) {
    return directory.remove(unfinished_index_name(segment));
}

}  // namespace packetsentry::spool
