#include "daemon/stream/window.h"

#include <algorithm>
#include <utility>

namespace packetsentry::stream {

void Window::append(std::string batch, std::uint32_t rows, std::int64_t first_time_ns,
                    std::int64_t last_time_ns) {
    bytes_ += batch.size() + kOverhead;
    batches_.push_back({next_sequence_, rows, first_time_ns, last_time_ns,
                        std::make_shared<const std::string>(std::move(batch))});
    next_sequence_ += rows;
    kept_ += rows;
    while (bytes_ > byte_limit_) evict_oldest();
}

bool Window::evict_oldest() {
    if (batches_.empty()) return false;
    bytes_ -= batches_.front().batch->size() + kOverhead;
    kept_ -= batches_.front().rows;
    batches_.pop_front();
    return true;
}

const Sealed* Window::find(std::uint64_t sequence) const {
    if (sequence < first_sequence() || sequence >= next_sequence_) return nullptr;
    const auto after = std::ranges::upper_bound(batches_, sequence, {}, &Sealed::first_sequence);
    return &*std::prev(after);
}

}  // namespace packetsentry::stream
