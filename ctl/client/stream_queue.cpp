#include "ctl/client/stream_queue.h"

#include <utility>

#include "ctl/client/checked_batch.h"

namespace packetsentry::ctl {

base::Result<void> StreamQueue::put(wire::StreamItem item, std::size_t bytes) {
    const std::size_t bytes_of_rows = item.has_rows() ? bytes : 0;
    if (bytes_of_rows_ + bytes_of_rows > kBytesOfRows) return discard(item);
    if (waiting_.size() == kItems)
        return base::fail(base::ErrorCode::internal,
                          "packetsentryd sent more of a stream than this client can keep");
    waiting_.push_back({std::move(item), bytes_of_rows});
    bytes_of_rows_ += bytes_of_rows;
    return {};
}

wire::StreamItem StreamQueue::take() {
    Waiting first = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_of_rows_ -= first.bytes_of_rows;
    return std::move(first.item);
}

// One gap for all that are discarded one after the other.
base::Result<void> StreamQueue::discard(const wire::StreamItem& item) {
    CheckedBatch batch;
    const auto view = batch.read(item.rows().batch(), "packetsentryd");
    if (!view) return std::unexpected(view.error());
    const std::uint64_t first = item.rows().first_sequence();
    const std::uint64_t last = first + (*view)->rows() - 1;
    if (!waiting_.empty() && waiting_.back().item.has_gap() &&
        waiting_.back().item.gap().last() + 1 == first) {
        waiting_.back().item.mutable_gap()->set_last(last);
        return {};
    }
    wire::StreamItem gap;
    gap.set_follow(item.follow());
    gap.mutable_gap()->set_table((*view)->table());
    gap.mutable_gap()->set_first(first);
    gap.mutable_gap()->set_last(last);
    return put(std::move(gap), 0);
}

}  // namespace packetsentry::ctl
