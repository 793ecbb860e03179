#include "daemon/dissect/layout.h"

#include <functional>
#include <limits>

namespace packetsentry::dissect {

void Layout::begin(std::span<const std::byte> frame) {
    frame_ = frame;
    header_end_ = 0;
    payload_ = 0;
    limit_ = frame.size();
    count_ = 0;
    closed_ = false;
}

bool Layout::in_frame(std::span<const std::byte> bytes) const {
    const std::byte* const begin = frame_.data();
    const std::less_equal<> before_or_at;
    return before_or_at(begin, bytes.data()) &&
           before_or_at(bytes.data() + bytes.size(), begin + frame_.size());
}

// A copy of an address says that there is one, and not where: nothing after this is safe to keep.
void Layout::note(Kind kind, std::span<const std::byte> place) {
    if (place.empty()) return;
    if (!in_frame(place)) {
        limit_ = std::min(limit_, header_end_);
        return;
    }
    const std::size_t at = offset(place);
    if (closed_ && at >= header_end_) return;
    const auto same = [at, kind](const Place& other) { return other.offset == at && other.kind == kind; };
    if (std::ranges::any_of(places(), same)) return;
    if (count_ == kPlaceLimit || at > std::numeric_limits<std::uint32_t>::max() ||
        place.size() > std::numeric_limits<std::uint16_t>::max()) {
        limit_ = std::min(limit_, at);
        return;
    }
    places_[count_++] = {static_cast<std::uint32_t>(at), static_cast<std::uint16_t>(place.size()), kind};
}

void Layout::end_header(std::span<const std::byte> rest, std::size_t payload) {
    if (closed_ || !in_frame(rest)) return;
    header_end_ = offset(rest);
    payload_ = payload;
}

}  // namespace packetsentry::dissect
