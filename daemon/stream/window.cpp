#include "daemon/stream/window.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace packetsentry::stream {

const Sealed* Window::find(std::uint64_t sequence) const {
    if (sequence < first_sequence() || sequence >= next_sequence_) return nullptr;
    const auto after = std::ranges::upper_bound(batches_, sequence, {}, &Sealed::first_sequence);
    return &*std::prev(after);
}

void Windows::append(wire::Table table, std::uint32_t run, std::string batch, std::uint32_t rows,
                     std::int64_t first_time_ns, std::int64_t last_time_ns) {
    Window& window = at(table);
    bytes_ += batch.size() + Window::kOverhead;
    window.batches_.push_back({window.next_sequence_, rows, run, first_time_ns, last_time_ns, ++arrivals_,
                               std::make_shared<const std::string>(std::move(batch))});
    window.next_sequence_ += rows;
    window.kept_ += rows;
    while (bytes_ > byte_limit_) evict_oldest();
}

bool Windows::evict_oldest() {
    const auto arrival_of_oldest = [](const Window& window) {
        return window.batches_.empty() ? std::numeric_limits<std::uint64_t>::max()
                                       : window.batches_.front().arrival;
    };
    Window& window = *std::ranges::min_element(windows_, {}, arrival_of_oldest);
    if (window.batches_.empty()) return false;
    bytes_ -= window.batches_.front().batch->size() + Window::kOverhead;
    window.kept_ -= window.batches_.front().rows;
    window.batches_.pop_front();
    return true;
}

}  // namespace packetsentry::stream
