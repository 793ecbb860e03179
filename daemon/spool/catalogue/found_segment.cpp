#include "daemon/spool/catalogue/found_segment.h"

#include <algorithm>
#include <string_view>

#include "daemon/spool/format/file_header.h"

namespace packetsentry::spool {
namespace {

bool is_unfinished(std::string_view name) {
    if (!name.ends_with(kUnfinished)) return false;
    name.remove_suffix(kUnfinished.size());
    const auto parsed = parse_file_name(name);
    return name == kCatalogueName || (parsed && parsed->file != SegmentFile::packets);
}

void mark(FoundSegment& found, SegmentFile file) {
    switch (file) {
        case SegmentFile::rows:
            found.rows = true;
            return;
        case SegmentFile::index:
            found.index = true;
            return;
        case SegmentFile::packets:
            found.packets = true;
    }
}

}  // namespace

base::Result<std::vector<FoundSegment>> find_segments(const Directory& directory) {
    auto names = directory.names();
    if (!names) return std::unexpected(names.error());
    std::ranges::sort(*names);  // so the files of a segment are side by side
    std::vector<FoundSegment> found;
    for (const std::string& name : *names) {
        if (is_unfinished(name)) {
            if (auto removed = directory.remove(name); !removed) return std::unexpected(removed.error());
            continue;
        }
        const auto parsed = parse_file_name(name);
        if (!parsed) continue;
        if (found.empty() || found.back().name != parsed->name) found.push_back({.name = parsed->name});
        mark(found.back(), parsed->file);
    }
    return found;
}

}  // namespace packetsentry::spool
