// The times around rows that were found.
//
// Rows near those that a question finds are wanted too. A search goes through the segments twice for this:
// first it finds rows, and only their times are remembered here; then it gives all rows of these times. So
// the memory that is needed does not depend on how many rows there are.
#pragma once

#include <cstdint>
#include <map>

#include "daemon/base/result.h"
#include "daemon/spool/search/found_rows.h"
#include "daemon/spool/search/time_set.h"

namespace packetsentry::spool {

class Surroundings {
  public:
    // Pieces of time, of all jobs. They take about 10 MB.
    static constexpr std::size_t kPiecesLimit = 100'000;

    // distance_ns: rows are near that are at most so far from one that was found.
    explicit Surroundings(std::int64_t distance_ns) : distance_ns_(distance_ns) {}

    // Adds the times around these rows, to those of their job. Errors: usage, if these are too many pieces;
    // internal, if no reader takes the rows.
    [[nodiscard]] base::Result<void> add(const FoundRows& found);

    [[nodiscard]] std::int64_t distance_ns() const { return distance_ns_; }
    [[nodiscard]] const TimeSet& of(std::uint64_t job) const;

    // A time so much earlier or later, or the earliest or latest that there is.
    [[nodiscard]] static std::int64_t earlier(std::int64_t time_ns, std::int64_t by_ns);
    [[nodiscard]] static std::int64_t later(std::int64_t time_ns, std::int64_t by_ns);

  private:
    std::int64_t distance_ns_;
    std::map<std::uint64_t, TimeSet> jobs_;
};

}  // namespace packetsentry::spool
