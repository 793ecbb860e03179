#include "daemon/spool/catalogue/segment_recovery.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <limits>
#include <utility>

#include "daemon/spool/catalogue/segment_files.h"

namespace packetsentry::spool {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kLastSecond = std::numeric_limits<std::int64_t>::max() / kSecondNs;

// When the rows file was written last, by the wall clock of that time. A file system may tell any time.
std::int64_t written_ns(const Directory& directory, const Segment& segment, std::int64_t now_ns) {
    const auto rows = directory.open_to_read(file_name(segment.name(), SegmentFile::rows));
    struct stat status {};
    if (!rows || !*rows || ::fstat(rows->get(), &status) != 0) return now_ns;
    const timespec& written = status.st_mtim;
    if (written.tv_sec <= 0 || written.tv_sec >= kLastSecond) return now_ns;
    return written.tv_sec * kSecondNs + written.tv_nsec;
}

std::optional<FileHeader> header_of(const Directory& directory, const SegmentName& name) {
    const auto rows = directory.open_to_read(file_name(name, SegmentFile::rows));
    if (!rows || !*rows) return std::nullopt;
    std::array<std::byte, kFileHeaderBytes> bytes{};
    if (::pread(rows->get(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        return std::nullopt;
    const auto header = read_file_header(bytes, FileKind::rows);
    return header ? std::optional(*header) : std::nullopt;
}

bool is_of(const FileHeader& header, const SegmentName& name, const FileHeader& identity) {
    return header.spool == identity.spool && header.job == identity.job && header.counter == name.counter &&
           segment_name(header.counter, header.created_ns) == name;
}

}  // namespace

base::Result<void> close_by_files(const Directory& directory, Segment& segment, std::int64_t now_ns) {
    const auto written = written_bytes(directory, segment);
    if (!written) return std::unexpected(written.error());
    const bool has_rows = written->rows > kFileHeaderBytes;
    segment.closed_ns = written_ns(directory, segment, now_ns);
    segment.progress = {};
    segment.state = has_rows ? SegmentState::closed : SegmentState::removed;
    if (!has_rows) return remove_files(directory, segment);
    segment.progress.rows_bytes = written->rows;
    segment.progress.packets_bytes = written->packets;
    return {};
}

base::Result<bool> reconcile(const Directory& directory, Segment& segment, const FoundSegment& files,
                             std::int64_t now_ns) {
    Segment found = segment;
    if (found.packets == PacketsState::kept && !files.packets) found.packets = PacketsState::removed;
    if (found.kept() && !files.index) found.index_bytes = 0;
    base::Result<void> done;
    if (found.kept() && !files.rows)
        found.state = SegmentState::removed;
    else if (found.state == SegmentState::open)
        done = close_by_files(directory, found, now_ns);
    // The daemon was stopped while it removed them.
    if (done && !found.kept() && (files.rows || files.index || files.packets))
        done = remove_files(directory, found);
    if (done && found.packets == PacketsState::removed && files.packets)
        done = remove_file(directory, found, SegmentFile::packets);
    if (!done) return std::unexpected(done.error());
    const bool changed = found.state != segment.state || found.packets != segment.packets ||
                         found.index_bytes != segment.index_bytes;
    segment = std::move(found);
    return changed;
}

std::optional<Segment> adopt(const Directory& directory, const FoundSegment& files,
                             const FileHeader& identity, const Terms& no_terms, std::int64_t now_ns) {
    const auto header = files.rows ? header_of(directory, files.name) : std::nullopt;
    if (!header || !is_of(*header, files.name, identity)) return std::nullopt;
    Segment segment{.packets = files.packets ? PacketsState::kept : PacketsState::none,
                    .table = header->table,
                    .counter = header->counter,
                    .created_ns = header->created_ns,
                    .terms = no_terms};
    if (!close_by_files(directory, segment, now_ns) || !segment.kept()) return std::nullopt;
    return segment;
}

}  // namespace packetsentry::spool
