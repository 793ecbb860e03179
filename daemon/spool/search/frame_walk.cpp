#include "daemon/spool/search/frame_walk.h"

#include <algorithm>
#include <cstring>

#include "daemon/spool/format/summed_header.h"

namespace packetsentry::spool {
namespace {

// Small frames are read together. A longer one is read with the header of the next, so that it is hardly ever
// moved, and that no more memory is needed than for the longest frame.
constexpr std::size_t kReadAhead = 64 * 1024;

}  // namespace

void FrameWalk::begin(const Stretch& stretch) {
    stretch_ = stretch;
    at_ = stretch.begin;
    next_block_ = stretch.first_block;
}

base::Result<Bytes> FrameWalk::window(std::uint64_t at, std::size_t wanted, std::size_t ahead) {
    wanted = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, stretch_.end - at));
    const bool inside = at >= buffer_at_ && at <= buffer_at_ + buffered_;
    const std::size_t used = inside ? static_cast<std::size_t>(at - buffer_at_) : buffered_;
    if (buffered_ - used < wanted) {
        buffered_ -= used;
        if (used != 0 && buffered_ != 0) std::memmove(buffer_.data(), buffer_.data() + used, buffered_);
        buffer_at_ = at;
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(std::max(wanted, ahead), stretch_.end - at));
        if (buffer_.size() < size) buffer_.resize(size);
        const auto got = file_.read(at + buffered_, std::span(buffer_).first(size).subspan(buffered_));
        if (!got) return std::unexpected(got.error());
        buffered_ += *got;
    }
    return Bytes(buffer_).first(buffered_).subspan(static_cast<std::size_t>(at - buffer_at_));
}

// A short look at the frame gives what is in its header, though the frame is not there as a whole.
base::Result<std::variant<FrameWalk::Head, FrameProblem>> FrameWalk::read_head(std::size_t ahead) {
    const auto bytes = window(at_, kLongestHeader, ahead);
    if (!bytes) return std::unexpected(bytes.error());
    const auto frame =
        read_frame(bytes->first(std::min(bytes->size(), kLongestHeader)), at_, seed_, next_block_);
    const Head head = frame ? Head{frame->facts, frame->size} : Head{frame.error().facts, frame.error().size};
    if (head.size == 0) return frame.error().problem;
    next_block_ = head.facts.block + 1;
    return head;
}

base::Result<FrameWalk::Piece> FrameWalk::read_whole(const Head& head) {
    const auto size = static_cast<std::size_t>(head.size);
    const auto bytes = window(at_, size, std::max(kReadAhead, size + kLongestHeader));
    if (!bytes) return std::unexpected(bytes.error());
    const auto frame = read_frame(*bytes, at_, seed_, head.facts.block);
    const std::uint64_t begin = at_;
    skip(head);
    if (frame) return *frame;
    return Unreadable{
        .problem = frame.error().problem, .offset = begin, .bytes = at_ - begin, .facts = head.facts};
}

void FrameWalk::skip(const Head& head) {
    at_ += std::min(head.size, stretch_.end - at_);
}

base::Result<FrameWalk::Piece> FrameWalk::skip_header(FrameProblem problem) {
    const std::uint64_t begin = at_;
    for (at_ += 8; at_ < stretch_.end; at_ += 8) {
        const auto bytes = window(at_, kLongestHeader, kReadAhead);
        if (!bytes) return std::unexpected(bytes.error());
        if (frame_size(*bytes, seed_) != 0) {
            // Frames follow, so it was not a partial one at the end.
            problem = FrameProblem::header_damaged;
            break;
        }
        if (bytes->empty()) at_ = stretch_.end;
    }
    at_ = std::min(at_, stretch_.end);
    return Unreadable{.problem = problem, .offset = begin, .bytes = at_ - begin};
}

base::Result<std::optional<FrameWalk::Piece>> FrameWalk::next(const SoughtTimes& times) {
    while (at_ < stretch_.end) {
        const auto read = read_head(kReadAhead);
        if (!read) return std::unexpected(read.error());
        const auto* const head = std::get_if<Head>(&*read);
        if (head == nullptr) return skip_header(std::get<FrameProblem>(*read));
        if (times.meets(head->facts.first_time_ns, head->facts.last_time_ns)) return read_whole(*head);
        skip(*head);
        ++passed_over_;
    }
    return std::nullopt;
}

base::Result<std::vector<Stretch>> FrameWalk::outline(const Stretch& stretch, const SoughtTimes& times) {
    begin(stretch);
    std::vector<Stretch> found;
    while (at_ < stretch_.end) {
        Stretch piece{.begin = at_, .first_block = next_block_};
        const auto read = read_head(kLongestHeader);
        if (!read) return std::unexpected(read.error());
        const auto* const head = std::get_if<Head>(&*read);
        if (head != nullptr) {
            skip(*head);
        } else if (const auto skipped = skip_header(std::get<FrameProblem>(*read)); !skipped) {
            return std::unexpected(skipped.error());
        }
        piece.end = at_;
        if (head == nullptr || times.meets(head->facts.first_time_ns, head->facts.last_time_ns))
            found.push_back(piece);
        else
            ++passed_over_;
    }
    return found;
}

}  // namespace packetsentry::spool
