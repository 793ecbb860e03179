// The times that a question is about.
#pragma once

#include <cstdint>
#include <limits>

namespace packetsentry::spool {

struct TimeRange {
    static constexpr std::int64_t kNoBegin = std::numeric_limits<std::int64_t>::min();
    static constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

    std::int64_t since_ns = kNoBegin;
    std::int64_t until_ns = kNoEnd;  // does not belong to the range, unless it is kNoEnd

    [[nodiscard]] bool is_everything() const { return since_ns == kNoBegin && until_ns == kNoEnd; }
    [[nodiscard]] bool has(std::int64_t time_ns) const {
        return time_ns >= since_ns && is_before_end(time_ns);
    }
    // Tells whether a time from first to last may be in the range.
    [[nodiscard]] bool meets(std::int64_t first_ns, std::int64_t last_ns) const {
        return last_ns >= since_ns && is_before_end(first_ns);
    }

  private:
    [[nodiscard]] bool is_before_end(std::int64_t time_ns) const {
        return time_ns < until_ns || until_ns == kNoEnd;
    }
};

}  // namespace packetsentry::spool
