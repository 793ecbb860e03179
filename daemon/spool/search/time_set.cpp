#include "daemon/spool/search/time_set.h"

#include <algorithm>
#include <limits>

namespace packetsentry::spool {

TimeSet::Pieces::const_iterator TimeSet::begun_by(std::int64_t time_ns) const {
    const auto later = last_of_.upper_bound(time_ns);
    return later == last_of_.begin() ? last_of_.end() : std::prev(later);
}

void TimeSet::add(std::int64_t first_ns, std::int64_t last_ns) {
    // The next nanosecond belongs to the same piece.
    const auto touching = [](std::int64_t end_ns, std::int64_t begin_ns) {
        return end_ns == std::numeric_limits<std::int64_t>::max() || end_ns + 1 >= begin_ns;
    };
    const auto before = begun_by(first_ns);
    if (before != last_of_.end() && touching(before->second, first_ns)) {
        if (before->second >= last_ns) return;
        first_ns = before->first;
    }
    auto next = last_of_.lower_bound(first_ns);
    while (next != last_of_.end() && touching(last_ns, next->first)) {
        last_ns = std::max(last_ns, next->second);
        next = last_of_.erase(next);
    }
    last_of_.emplace_hint(next, first_ns, last_ns);
}

bool TimeSet::meets(std::int64_t first_ns, std::int64_t last_ns) const {
    const auto piece = begun_by(last_ns);
    return piece != last_of_.end() && piece->second >= first_ns;
}

std::optional<TimeSet::Piece> TimeSet::find(std::int64_t time_ns) const {
    const auto piece = begun_by(time_ns);
    if (piece == last_of_.end() || piece->second < time_ns) return std::nullopt;
    return Piece{piece->first, piece->second};
}

}  // namespace packetsentry::spool
