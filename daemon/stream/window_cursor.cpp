#include "daemon/stream/window_cursor.h"

#include <algorithm>

namespace packetsentry::stream {

std::variant<Nothing, Sealed, Gap> Cursor::take(const Window& window, std::uint64_t first) {
    if (next_ >= window.next_sequence()) return Nothing{};
    first = std::max(first, window.first_sequence());
    if (next_ < first) {
        const Sealed* after = window.find(first);
        const Gap gap{next_, first - 1, last_time_ns_, after == nullptr ? 0 : after->first_time_ns};
        next_ = first;
        return gap;
    }
    const Sealed& batch = *window.find(next_);
    next_ = batch.end_sequence();
    last_time_ns_ = batch.last_time_ns;
    return batch;
}

}  // namespace packetsentry::stream
