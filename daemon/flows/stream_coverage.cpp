#include "daemon/flows/stream_coverage.h"

#include <algorithm>

namespace packetsentry::flows {
namespace {

// No window is as large (RFC 7323, section 2.3: below 2^30), so a segment farther away is no part of the
// stream.
constexpr std::uint64_t kFarthest = 1ULL << 30;

}  // namespace

StreamCoverage::Seen StreamCoverage::add(std::uint64_t begin, std::uint32_t bytes) {
    const std::uint64_t end = begin + bytes;
    if (end <= whole_ || begin > whole_ + kFarthest) return Seen::before;
    const bool behind_all = count_ == 0 || begin >= whole_ + islands_[count_ - 1U].end;
    const auto from = static_cast<std::uint32_t>(std::max(begin, whole_) - whole_);
    const bool fresh = insert(from, static_cast<std::uint32_t>(end - whole_));
    if (count_ != 0 && islands_[0].begin == 0) move_whole(islands_[0].end);
    if (count_ > kIslands) merge_nearest();
    if (!fresh) return Seen::before;
    return behind_all ? Seen::next : Seen::filled;
}

// Returns false if all of it lies in one island.
bool StreamCoverage::insert(std::uint32_t begin, std::uint32_t end) {
    auto* const first_island = islands_.begin();
    auto* const last_island = first_island + count_;
    auto* const first =
        std::find_if(first_island, last_island, [&](const Island& island) { return island.end >= begin; });
    if (first != last_island && first->begin <= begin && first->end >= end) return false;
    auto* const last =
        std::find_if(first, last_island, [&](const Island& island) { return island.begin > end; });
    if (first == last) {
        std::move_backward(first, last_island, last_island + 1);
        ++count_;
    } else {
        begin = std::min(begin, first->begin);
        end = std::max(end, (last - 1)->end);
        std::move(last, last_island, first + 1);
        count_ = static_cast<std::uint8_t>(count_ - (last - first - 1));
    }
    *first = {begin, end};
    return true;
}

void StreamCoverage::merge_nearest() {
    std::uint8_t nearest = 0;
    for (std::uint8_t i = 1; i + 1 < count_; ++i)
        if (islands_[i + 1U].begin - islands_[i].end < islands_[nearest + 1U].begin - islands_[nearest].end)
            nearest = i;
    islands_[nearest].end = islands_[nearest + 1U].end;
    std::move(islands_.begin() + nearest + 2, islands_.begin() + count_, islands_.begin() + nearest + 1);
    --count_;
    merged_ = true;
}

// Drops the islands that end there or before.
void StreamCoverage::move_whole(std::uint64_t by) {
    whole_ += by;
    std::uint8_t kept = 0;
    for (std::uint8_t i = 0; i < count_; ++i) {
        if (islands_[i].end <= by) continue;
        islands_[kept++] = {
            static_cast<std::uint32_t>(islands_[i].begin - std::min<std::uint64_t>(by, islands_[i].begin)),
            static_cast<std::uint32_t>(islands_[i].end - by)};
    }
    count_ = kept;
}

bool StreamCoverage::valid() const {
    std::uint32_t before = 0;
    for (std::uint8_t i = 0; i < count_; ++i) {
        if (islands_[i].begin <= before || islands_[i].end <= islands_[i].begin) return false;
        before = islands_[i].end;
    }
    return true;
}

StreamCoverage::Missing StreamCoverage::give_up(std::uint64_t end) {
    Missing missing;
    while (whole_ < end) {
        const std::uint64_t hole_end = count_ == 0 ? end : std::min(end, whole_ + islands_[0].begin);
        missing.bytes += hole_end - whole_;
        ++missing.holes;
        move_whole(hole_end - whole_);
        if (count_ != 0 && islands_[0].begin == 0) move_whole(islands_[0].end);
    }
    return missing;
}

}  // namespace packetsentry::flows
