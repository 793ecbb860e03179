#include "daemon/spool/catalogue/index_making.h"

#include <unistd.h>

#include <string>
#include <utility>

#include "daemon/base/syscall.h"
#include "daemon/spool/catalogue/segment_files.h"

namespace packetsentry::spool {
namespace {

std::string unfinished_name(const Segment& segment, SegmentFile file) {
    return file_name(segment.name(), file) + std::string(kUnfinished);
}

// The run counts its rows from segment to segment.
void set_numbers(BegunRepair& repair, const Segment& segment, std::span<const Segment> segments) {
    if (segment.rows_known()) {
        repair.first_number = segment.progress.first_number;
        repair.number_limit = segment.progress.last_number + 1;
        return;
    }
    for (const Segment& other : segments) {
        if (other.run != segment.run || other.table != segment.table || !other.rows_known()) continue;
        if (other.counter < segment.counter) repair.first_number = other.progress.last_number + 1;
        if (other.counter > segment.counter && repair.number_limit == 0)
            repair.number_limit = other.progress.first_number;
    }
}

// A worker that has been taken over may have written more than it says.
base::Result<void> truncate_made(const Directory& directory, const std::string& name, std::uint64_t bytes) {
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
    auto index = directory.create(unfinished_name(segment, SegmentFile::index));
    if (!index) return std::unexpected(index.error());
    begun.rows = std::move(*rows);
    begun.index = std::move(*index);
    return begun;
}

base::Result<BegunRepair> begin_rows_file(const Directory& directory, const FileHeader& identity,
                                          const Segment& segment, std::span<const Segment> segments) {
    BegunRepair repair{.packets_bytes = segment.packets_on_disk(),
                       .header = rows_header(identity, segment),
                       .run = segment.run,
                       .known_rows = segment.progress.rows};
    set_numbers(repair, segment, segments);
    auto packets = open_part(directory, segment, SegmentFile::packets, repair.packets_bytes);
    if (!packets) return std::unexpected(packets.error());
    if (!*packets)
        return base::fail(base::ErrorCode::file, "the packets from which rows could be made are not there");
    auto rows = directory.create(unfinished_name(segment, SegmentFile::rows));
    if (!rows) return std::unexpected(rows.error());
    repair.packets = std::move(*packets);
    repair.rows = std::move(*rows);
    return repair;
}

base::Result<void> finish_file(const Directory& directory, const Segment& segment, SegmentFile file,
                               std::uint64_t bytes) {
    const std::string unfinished = unfinished_name(segment, file);
    const auto made = directory.open_to_read(unfinished);
    if (!made) return std::unexpected(made.error());
    if (!*made || bytes == 0 || size_of(made->get()) < bytes)
        return base::fail(base::ErrorCode::file,
                          "'" + directory.path_of(unfinished) + "' was not written to its end");
    if (auto cut = truncate_made(directory, unfinished, bytes); !cut) return cut;
    if (::fsync(made->get()) != 0)
        return base::syscall_failed("write '" + directory.path_of(unfinished) + "' to the disk",
                                    base::ErrorCode::file);
    return directory.rename(unfinished, file_name(segment.name(), file));
}

base::Result<std::uint64_t> begun_index_bytes(const Directory& directory, const Segment& segment) {
    const auto file = directory.open_to_read(unfinished_name(segment, SegmentFile::index));
    if (!file) return std::unexpected(file.error());
    return *file ? size_of(file->get()) : 0;
}

base::Result<void> remove_begun_index(const Directory& directory, const Segment& segment) {
    if (auto removed = directory.remove(unfinished_name(segment, SegmentFile::rows)); !removed)
        return removed;
    return directory.remove(unfinished_name(segment, SegmentFile::index));
}

}  // namespace packetsentry::spool
