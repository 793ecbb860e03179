// A set of ordered values, as ranges that do not touch each other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace packetsentry::query {

template <typename T>
class RangeSet {
  public:
    struct Range {
        T first;
        T last;  // included
    };

    RangeSet() = default;
    explicit RangeSet(std::vector<Range> ranges) : ranges_(std::move(ranges)) {
        std::ranges::sort(ranges_, {}, &Range::first);
        std::size_t kept = 0;
        for (const Range& range : ranges_) {
            if (kept != 0 && !(ranges_[kept - 1].last < range.first))
                ranges_[kept - 1].last = std::max(ranges_[kept - 1].last, range.last);
            else
                ranges_[kept++] = range;
        }
        ranges_.erase(ranges_.begin() + static_cast<std::ptrdiff_t>(kept), ranges_.end());
    }

    [[nodiscard]] bool contains(const T& value) const {
        if (ranges_.size() <= kFew) {
            for (const Range& range : ranges_)
                if (!(value < range.first) && !(range.last < value)) return true;
            return false;
        }
        const auto after = std::ranges::upper_bound(ranges_, value, {}, &Range::first);
        return after != ranges_.begin() && !(std::prev(after)->last < value);
    }

    [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }

  private:
    static constexpr std::size_t kFew = 4;  // looked at one after the other

    std::vector<Range> ranges_;
};

}  // namespace packetsentry::query
