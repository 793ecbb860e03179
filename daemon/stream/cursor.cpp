#include "daemon/stream/cursor.h"

namespace packetsentry::stream {

std::variant<Nothing, Sealed, Gap> Cursor::take(const Window& window) {
    if (next_ >= window.next_sequence()) return Nothing{};
    if (next_ < window.first_sequence()) {
        const Sealed* after = window.oldest();
        const Gap gap{next_, window.first_sequence() - 1, last_time_ns_,
                      after == nullptr ? 0 : after->first_time_ns};
        next_ = window.first_sequence();
        return gap;
    }
    const Sealed& batch = *window.find(next_);
    next_ = batch.end_sequence();
    last_time_ns_ = batch.last_time_ns;
    return batch;
}

}  // namespace packetsentry::stream
