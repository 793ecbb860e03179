#include "daemon/spool/search/time_merge.h"

#include <algorithm>
#include <utility>

namespace packetsentry::spool {
namespace {

// What a run takes beside its serialized bytes: a batch of a single row has as many members as any other.
constexpr std::size_t kRunBytes = 2048;

}  // namespace

TimeMerge::TimeMerge(std::vector<std::unique_ptr<RowStream>> streams, SearchOrder order, std::uint64_t limit)
    : streams_(std::move(streams)),
      heads_(streams_.size()),
      ended_(streams_.size(), false),
      order_(order),
      left_(limit) {}

base::Result<std::unique_ptr<TimeMerge::Head>> TimeMerge::next_head(std::size_t stream) {
    auto found = streams_[stream]->next();
    if (!found) return std::unexpected(found.error());
    if (!*found) return nullptr;
    auto head = std::make_unique<Head>();
    head->found = **std::move(found);
    auto view = proto::BatchView::check(head->found.batch);
    if (!view) return std::unexpected(view.error());
    head->last = view->rows();
    head->view.emplace(*std::move(view));
    return head;
}

// Streams are asked only when more is wanted, so that the files of a run are open while it is used.
base::Result<void> TimeMerge::fill() {
    for (std::size_t stream = 0; stream < streams_.size(); ++stream) {
        if (heads_[stream] != nullptr || ended_[stream]) continue;
        auto head = next_head(stream);
        if (!head) return std::unexpected(head.error());
        ended_[stream] = *head == nullptr;
        heads_[stream] = *std::move(head);
    }
    return {};
}

std::int64_t TimeMerge::time_of(const Head& head) const {
    return head.view->time_ns(order_ == SearchOrder::oldest_first ? head.first : head.last - 1);
}

bool TimeMerge::comes_before(std::int64_t time_ns, std::size_t stream, std::size_t other) const {
    const std::int64_t other_ns = time_of(*heads_[other]);
    if (order_ == SearchOrder::oldest_first)
        return time_ns < other_ns || (time_ns == other_ns && stream < other);
    return time_ns > other_ns || (time_ns == other_ns && stream > other);
}

std::optional<std::size_t> TimeMerge::next_stream(std::optional<std::size_t> but) const {
    std::optional<std::size_t> next;
    for (std::size_t stream = 0; stream < heads_.size(); ++stream) {
        if (heads_[stream] == nullptr || stream == but) continue;
        if (!next || comes_before(time_of(*heads_[stream]), stream, *next)) next = stream;
    }
    return next;
}

std::uint32_t TimeMerge::run_length(std::size_t stream) const {
    const Head& head = *heads_[stream];
    const auto limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(head.last - head.first, left_));
    const auto other = next_stream(stream);
    if (!other) return limit;
    std::uint32_t rows = 1;
    while (rows < limit) {
        const std::uint32_t row =
            order_ == SearchOrder::oldest_first ? head.first + rows : head.last - 1 - rows;
        if (!comes_before(head.view->time_ns(row), stream, *other)) break;
        ++rows;
    }
    return rows;
}

FoundRows TimeMerge::take(std::size_t stream, std::uint32_t rows) {
    Head& head = *heads_[stream];
    left_ -= rows;
    if (rows == head.view->rows()) return std::move(std::exchange(heads_[stream], nullptr)->found);
    const std::uint32_t first = order_ == SearchOrder::oldest_first ? head.first : head.last - rows;
    FoundRows run = part_of(head.found, *head.view, first, first + rows);
    (order_ == SearchOrder::oldest_first ? head.first : head.last) =
        order_ == SearchOrder::oldest_first ? first + rows : first;
    if (head.first == head.last) heads_[stream].reset();
    return run;
}

base::Result<std::optional<FoundRows>> TimeMerge::next() {
    if (left_ == 0) return std::nullopt;
    if (auto filled = fill(); !filled) return std::unexpected(filled.error());
    const auto stream = next_stream(std::nullopt);
    if (!stream) return std::nullopt;
    return take(*stream, run_length(*stream));
}

base::Result<std::vector<FoundRows>> oldest_first(TimeMerge& newest_first, std::size_t bytes_limit) {
    std::vector<FoundRows> runs;
    std::size_t bytes = 0;
    while (true) {
        auto run = newest_first.next();
        if (!run) return std::unexpected(run.error());
        if (!*run) break;
        bytes += kRunBytes + (*run)->batch.ByteSizeLong() + (*run)->places.size() * sizeof(PacketPlace);
        if (bytes > bytes_limit)
            return base::fail(base::ErrorCode::usage,
                              "the rows take too much memory to be put in order; ask for fewer of them");
        runs.push_back(**std::move(run));
    }
    std::ranges::reverse(runs);
    return runs;
}

}  // namespace packetsentry::spool
