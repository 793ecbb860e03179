#include "daemon/worker/display_filter.h"

#include <utility>

#include "proto/query/query.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::worker {

using base::ErrorCode;
using base::Result;

Result<std::unique_ptr<DisplayFilter>> DisplayFilter::compile(const std::string& text, BlockLimits limits) {
    if (text.empty()) return nullptr;
    const auto expression = query::parse(text, query::kExplainedLimit);
    if (!expression)
        return base::fail(ErrorCode::filter, "the display filter is refused: " + expression.error().message);
    auto filter = query::Filter::compile(*expression);
    if (!filter)
        return base::fail(ErrorCode::filter, "the display filter is refused: " + filter.error().message);
    return std::unique_ptr<DisplayFilter>(new DisplayFilter(std::move(*filter), limits));
}

void DisplayFilter::add(const Waiting& waiting, const dissect::Dissection& dissection,
                        std::span<const capture::SourceInterface> interfaces,
                        std::string_view interface_name) {
    if (block_.empty()) since_ = Clock::now();
    rows_.append(waiting.packet, dissection, interfaces, interface_name);
    frame_begin_.push_back(frames_.size());
    frames_.insert(frames_.end(), waiting.packet.frame.begin(), waiting.packet.frame.end());
    block_.push_back(waiting);
}

bool DisplayFilter::full() const {
    return block_.size() >= limits_.packets || frames_.size() >= limits_.bytes || rows_.full();
}

Result<void> DisplayFilter::ask() {
    next_ = 0;
    if (block_.empty()) return {};
    const auto view = proto::BatchView::check(rows_.draft());
    if (!view) return std::unexpected(view.error());
    passes_.resize(block_.size());
    (void)filter_.evaluate(*view, passes_);
    return {};
}

const DisplayFilter::Waiting* DisplayFilter::next() {
    while (next_ < block_.size() && passes_[next_] == 0) {
        ++filtered_;
        ++next_;
    }
    if (next_ >= block_.size()) {
        clear();
        return nullptr;
    }
    Waiting& waiting = block_[next_];
    const auto frame = std::span<const std::byte>(frames_);
    waiting.packet.frame = frame.subspan(frame_begin_[next_], waiting.packet.frame.size());
    ++next_;
    return &waiting;
}

void DisplayFilter::discard_rest() {
    filtered_ += block_.size() - next_;
    clear();
}

void DisplayFilter::clear() {
    if (!block_.empty()) rows_.discard();
    block_.clear();
    frame_begin_.clear();
    frames_.clear();
    next_ = 0;
}

}  // namespace packetsentry::worker
