#include "daemon/spool/catalogue/catalogue_file.h"

#include <unistd.h>

#include <map>
#include <utility>

#include "daemon/base/syscall.h"

namespace packetsentry::spool {
namespace {

using base::ErrorCode;

constexpr const char* kDamagedName = "catalogue.damaged";

std::string in_catalogue(const Directory& directory, const std::string& what) {
    return "'" + directory.path_of(kCatalogueName) + "' " + what;
}

base::Result<void> append_segments(std::string& bytes, std::span<const Segment> segments,
                                   std::uint64_t seed) {
    for (const Segment& segment : segments)
        if (auto appended = append_record(bytes, record_of(segment), seed); !appended) return appended;
    return {};
}

// Nothing is known of what a damaged catalogue says, because its header has the seed of its checksums.
base::Result<void> set_aside(const Directory& directory, std::string_view bytes,
                             CatalogueContents& contents) {
    contents.lost = bytes.size() / kRecordHeaderBytes + 1;
    contents.problem =
        in_catalogue(directory, "is damaged, and is called '" + std::string(kDamagedName) +
                                    "' now; what was recorded there belongs to root until its retention");
    return directory.rename(kCatalogueName, kDamagedName);
}

std::string damage_text(const Directory& directory, std::uint64_t bytes) {
    return in_catalogue(directory, "has " + std::to_string(bytes) +
                                       " damaged bytes; segments of which nothing else is known belong to "
                                       "root until their retention");
}

base::Result<void> check_header(const Directory& directory, const FileHeader& found,
                                const FileHeader& wanted) {
    if (found.spool == wanted.spool && found.job == wanted.job) return {};
    return base::fail(ErrorCode::file,
                      in_catalogue(directory,
                                   "was made for another spool or another job; move its directory "
                                   "to the spool that it came from"));
}

}  // namespace

base::Result<CatalogueFile> CatalogueFile::open(const Directory& directory, const FileHeader& header,
                                                TermsPool& terms, CatalogueContents& contents) {
    auto bytes = directory.read_file(kCatalogueName, kCatalogueLimit);
    if (!bytes) return std::unexpected(bytes.error());
    auto found = read_file_header(as_bytes(bytes->value_or("")), FileKind::catalogue);
    if (!found && bytes->has_value()) {
        if (header_version(as_bytes(**bytes), FileKind::catalogue))
            return base::fail(ErrorCode::file, in_catalogue(directory, found.error().message));
        if (auto aside = set_aside(directory, **bytes, contents); !aside)
            return std::unexpected(aside.error());
    }
    CatalogueFile file(found.value_or(header));
    if (!found) {
        if (auto made = file.replace(directory, {}); !made) return std::unexpected(made.error());
        return file;
    }
    if (auto checked = check_header(directory, *found, header); !checked)
        return std::unexpected(checked.error());
    file.read(directory, **bytes, terms, contents);
    if (auto cut = file.truncate(directory, (*bytes)->size()); !cut) return std::unexpected(cut.error());
    return file;
}

void CatalogueFile::read(const Directory& directory, std::string_view bytes, TermsPool& terms,
                         CatalogueContents& contents) {
    auto reader = CatalogueReader::open(as_bytes(bytes));
    std::map<std::uint64_t, Segment> last;  // by counter
    std::uint64_t damaged = 0;
    bytes_ = bytes.size();
    while (auto next = reader->next()) {
        ++records_;
        if (*next) {
            last.insert_or_assign((*next)->counter, segment_of(**next, terms));
            continue;
        }
        const UnreadableRecords& unreadable = next->error();
        contents.lost += unreadable.bytes / kRecordHeaderBytes + 1;
        // The daemon was stopped while it wrote the last record.
        if (unreadable.offset + unreadable.bytes == bytes.size())
            bytes_ = unreadable.offset;
        else
            damaged += unreadable.bytes;
    }
    if (damaged != 0) contents.problem = damage_text(directory, damaged);
    contents.segments.reserve(last.size());
    for (auto& [counter, segment] : last) contents.segments.push_back(std::move(segment));
}

base::Result<void> CatalogueFile::truncate(const Directory& directory, std::size_t present) const {
    if (bytes_ == present) return {};
    const auto file = directory.open_to_append(kCatalogueName);
    if (!file) return std::unexpected(file.error());
    if (!*file || ::ftruncate(file->get(), static_cast<off_t>(bytes_)) != 0)
        return base::syscall_failed("truncate '" + directory.path_of(kCatalogueName) + "'", ErrorCode::file);
    return {};
}

base::Result<void> CatalogueFile::append(const Directory& directory, std::span<const Segment> segments) {
    complete_ = false;
    std::string bytes;
    if (auto appended = append_segments(bytes, segments, header_.seed()); !appended) return appended;
    const auto file = directory.open_to_append(kCatalogueName);
    if (!file) return std::unexpected(file.error());
    if (!*file || size_of(file->get()) != bytes_)
        return base::fail(ErrorCode::file, in_catalogue(directory, "was changed by somebody else"));
    if (!write_whole(file->get(), bytes) || ::fdatasync(file->get()) != 0)
        return base::syscall_failed("write '" + directory.path_of(kCatalogueName) + "'", ErrorCode::file);
    bytes_ += bytes.size();
    records_ += segments.size();
    complete_ = true;
    return {};
}

base::Result<void> CatalogueFile::replace(const Directory& directory, std::span<const Segment> segments) {
    std::string bytes = encode(header_);
    if (auto appended = append_segments(bytes, segments, header_.seed()); !appended) return appended;
    if (auto replaced = directory.replace_file(kCatalogueName, bytes); !replaced) return replaced;
    bytes_ = bytes.size();
    records_ = segments.size();
    complete_ = true;
    return {};
}

}  // namespace packetsentry::spool
