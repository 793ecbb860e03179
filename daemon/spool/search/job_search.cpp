#include "daemon/spool/search/job_search.h"

#include <utility>

namespace packetsentry::spool {

base::Result<std::optional<FoundRows>> JobSearch::next() {
    while (true) {
        if (segment_) {
            if (auto found = next_of_segment()) return found;
            end_segment();
        }
        const auto begun = begin_segment();
        if (!begun) return std::unexpected(begun.error());
        if (!*begun) return std::nullopt;
    }
}

base::Result<bool> JobSearch::begin_segment() {
    auto files = supply_.next();
    if (!files) return std::unexpected(files.error());
    if (!*files) return false;
    auto search = SegmentSearch::open(**std::move(files), question_, order_);
    if (search)
        segment_.emplace(*std::move(search));
    else
        notes_.cannot_search(search.error());
    return true;
}

std::optional<FoundRows> JobSearch::next_of_segment() {
    while (true) {
        auto piece = segment_->next();
        if (!piece) notes_.cannot_search(piece.error());
        if (!piece || !*piece) return std::nullopt;
        if (auto* const found = std::get_if<FoundRows>(&**piece)) return std::move(*found);
        notes_.cannot_read(segment_->header(), std::get<Unreadable>(**piece));
    }
}

void JobSearch::end_segment() {
    counts_ += segment_->counts();
    segment_.reset();
}

SearchCounts JobSearch::counts() const {
    SearchCounts all = counts_;
    if (segment_) all += segment_->counts();
    return all;
}

}  // namespace packetsentry::spool
