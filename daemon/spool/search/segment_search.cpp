#include "daemon/spool/search/segment_search.h"

#include <algorithm>
#include <utility>

#include "daemon/spool/format/packet_places.h"
#include "daemon/spool/search/block_dictionary.h"
#include "daemon/spool/search/named_blocks.h"
#include "proto/rows/select_rows.h"

namespace packetsentry::spool {
namespace {

std::shared_ptr<const PacketFile> open_packets(SpoolFile file) {
    if (!file) return nullptr;
    auto packets = PacketFile::open(std::move(file));
    return packets ? std::make_shared<const PacketFile>(*std::move(packets)) : nullptr;
}

// Adjacent frames become one stretch, so that they are read together.
std::vector<Stretch> joined(const std::vector<Stretch>& stretches) {
    std::vector<Stretch> together;
    for (const Stretch& stretch : stretches)
        if (!together.empty() && together.back().end == stretch.begin)
            together.back().end = stretch.end;
        else
            together.push_back(stretch);
    return together;
}

Unreadable unreadable(const Frame& frame) {
    return {.problem = FrameProblem::body_damaged,
            .offset = frame.offset,
            .bytes = frame.size,
            .facts = frame.facts};
}

}  // namespace

SearchCounts& SearchCounts::operator+=(const SearchCounts& more) {
    blocks += more.blocks;
    blocks_read += more.blocks_read;
    blocks_aside += more.blocks_aside;
    rows_read += more.rows_read;
    rows_found += more.rows_found;
    return *this;
}

base::Result<SegmentSearch> SegmentSearch::open(SegmentFiles files, Question& question, SearchOrder order) {
    const auto head = files.rows.read(0, kFileHeaderBytes);
    if (!head) return std::unexpected(head.error());
    const auto header = read_file_header(as_bytes(*head), FileKind::rows);
    if (!header) return std::unexpected(header.error());
    if (header->table != question.table())
        return base::fail(base::ErrorCode::file, "has rows of another table than the one that is asked");
    SegmentSearch search(std::move(files), *header, question);
    if (auto chosen = search.choose(order); !chosen) return std::unexpected(chosen.error());
    return search;
}

SegmentSearch::SegmentSearch(SegmentFiles files, const FileHeader& header, Question& question)
    : rows_(std::make_unique<const SpoolFile>(std::move(files.rows))),
      index_(std::move(files.index)),
      packets_(open_packets(std::move(files.packets))),
      packets_removed_(files.packets_removed),
      header_(header),
      question_(&question),
      times_(question.sought_of(header.job)),
      walk_(*rows_, header.seed(), question.take_frame_buffer()) {}

base::Result<void> SegmentSearch::choose(SearchOrder order) {
    auto named =
        index_ ? ask_index(index_, header_, rows_->bytes(), question_->plan(), times_) : std::nullopt;
    if (!named) return choose_all(order);
    counts_.blocks = named->blocks;
    counts_.blocks_aside = named->left_aside;
    choose_named(std::move(named->stretches), order);
    return {};
}

base::Result<void> SegmentSearch::choose_all(SearchOrder order) {
    counts_blocks_ = true;
    const Stretch all{.begin = kFileHeaderBytes,
                      .end = std::max<std::uint64_t>(kFileHeaderBytes, rows_->bytes())};
    if (order == SearchOrder::oldest_first) {
        stretches_ = {all};
        return {};
    }
    auto outline = walk_.outline(all, times_);
    if (!outline) return std::unexpected(outline.error());
    choose_named(*std::move(outline), order);
    return {};
}

void SegmentSearch::choose_named(std::vector<Stretch> named, SearchOrder order) {
    if (order == SearchOrder::oldest_first) {
        stretches_ = joined(named);
        return;
    }
    stretches_ = std::move(named);
    std::ranges::reverse(stretches_);
}

void SegmentSearch::count_passed_over() {
    const std::uint32_t more = walk_.passed_over() - std::exchange(passed_over_, walk_.passed_over());
    counts_.blocks_aside += more;
    if (counts_blocks_) counts_.blocks += more;
}

base::Result<std::optional<SegmentSearch::Piece>> SegmentSearch::next() {
    while (true) {
        auto piece = walk_.next(times_);
        if (!piece) return std::unexpected(piece.error());
        count_passed_over();
        if (!*piece) {
            if (next_stretch_ == stretches_.size()) {
                question_->give_back(walk_.take_buffer());
                return std::nullopt;
            }
            walk_.begin(stretches_[next_stretch_++]);
            continue;
        }
        if (counts_blocks_) ++counts_.blocks;
        if (const auto* const bytes = std::get_if<Unreadable>(&**piece)) return *bytes;
        if (auto result = search(std::get<Frame>(**piece))) return result;
    }
}

std::optional<SegmentSearch::Piece> SegmentSearch::search(const Frame& frame) {
    ++counts_.blocks_read;
    counts_.rows_read += frame.facts.rows;
    if (const auto view = proto::BatchView::in_place(as_text(frame.payload))) {
        if (!BlockDictionary(*view).may_have(question_->plan())) return std::nullopt;
        if (auto result = search_in_place(frame, *view)) return *std::move(result);
    }
    return search_parsed(frame);
}

// Nothing: only parsing the batch tells what it has.
std::optional<std::optional<SegmentSearch::Piece>> SegmentSearch::search_in_place(
    const Frame& frame, const proto::BatchView& view) {
    using Found = std::optional<Piece>;
    const auto& rows = question_->find(view, header_.job);
    // All rows are the batch as it is.
    if (view.broken() || rows.size() == view.rows()) return std::nullopt;
    if (rows.empty()) return Found();
    if (!matches(frame.facts, header_.table, view)) return std::nullopt;
    auto result = found(frame, view, rows);
    if (view.broken()) return std::nullopt;
    counts_.rows_found += rows.size();
    return Found(std::move(result));
}

std::optional<SegmentSearch::Piece> SegmentSearch::search_parsed(const Frame& frame) {
    const auto dictionary = BlockDictionary::find(frame.payload);
    if (!dictionary) return unreadable(frame);
    if (!dictionary->may_have(question_->plan())) return std::nullopt;
    if (!batch_.ParseFromArray(frame.payload.data(), static_cast<int>(frame.payload.size())))
        return unreadable(frame);
    const auto view = proto::BatchView::check(batch_);
    if (!view || !matches(frame.facts, header_.table, *view)) return unreadable(frame);
    const auto& rows = question_->find(*view, header_.job);
    counts_.rows_found += rows.size();
    if (rows.empty()) return std::nullopt;
    return found(frame, *view, rows);
}

FoundRows SegmentSearch::found(const Frame& frame, const proto::BatchView& view,
                               const std::vector<std::uint32_t>& rows) const {
    FoundRows found_rows{.job = header_.job,
                         .run = frame.facts.run,
                         .batch = proto::select_rows(view, rows),
                         .packets = packets_,
                         .packets_removed = packets_removed_,
                         .matching = question_->matching()};
    if (question_->with_packets()) found_rows.places = packet_places(frame, view, rows);
    return found_rows;
}

}  // namespace packetsentry::spool
