#include "daemon/spool/format/rows_reader.h"

#include <algorithm>

namespace packetsentry::spool {

base::Result<RowsReader> RowsReader::open(Bytes file) {
    const auto header = read_file_header(file, FileKind::rows);
    if (!header) return std::unexpected(header.error());
    return RowsReader(file, *header);
}

Unreadable RowsReader::skip_header(FrameProblem problem) {
    std::uint64_t end = at_ + 8;
    while (end < file_.size() && frame_size(file_.subspan(end), seed_) == 0) end += 8;
    // Frames follow, so it was not a partial one at the end.
    if (end < file_.size()) problem = FrameProblem::header_damaged;
    end = std::min<std::uint64_t>(end, file_.size());
    const Unreadable skipped{.problem = problem, .offset = at_, .bytes = end - at_};
    at_ = end;
    return skipped;
}

Unreadable RowsReader::skip_frame(const FrameFailure& failure) {
    const std::uint64_t size = std::min<std::uint64_t>(failure.size, file_.size() - at_);
    const Unreadable skipped{
        .problem = failure.problem, .offset = at_, .bytes = size, .facts = failure.facts};
    at_ += size;
    return skipped;
}

std::optional<std::expected<Frame, Unreadable>> RowsReader::next() {
    if (at_ >= file_.size()) return std::nullopt;
    const auto frame = read_frame(file_.subspan(at_), at_, seed_, next_block_);
    if (!frame && frame.error().size == 0) return std::unexpected(skip_header(frame.error().problem));
    next_block_ = (frame ? frame->facts : frame.error().facts).block + 1;
    if (!frame) return std::unexpected(skip_frame(frame.error()));
    at_ += frame->size;
    return *frame;
}

}  // namespace packetsentry::spool
