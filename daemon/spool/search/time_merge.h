// Joins the rows of several jobs in the order of their times.
//
// The rows of a job keep the order in which they were recorded, also where the clock was set back.
// Between jobs, a row comes before those that are later. So what is given is runs: rows of one job
// without a row of another job between them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/spool/search/found_rows.h"
#include "daemon/spool/search/job_search.h"
#include "daemon/spool/search/segment_search.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

// It holds the rows of one block of each stream.
class TimeMerge {
  public:
    static constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

    // streams: each must give its rows in this order. If it is newest_first, the rows of a batch are in
    // their own order all the same. limit: how many rows are given at most.
    TimeMerge(std::vector<std::unique_ptr<RowStream>> streams, SearchOrder order,
              std::uint64_t limit = kNoLimit);

    // Returns the next run; nothing at the end. If the order is newest_first, its last row is the newest
    // one. Error: that of a stream, or (internal) a stream gave rows that no reader takes.
    [[nodiscard]] base::Result<std::optional<FoundRows>> next();

  private:
    // The rows of a stream that come next, and which of them are left.
    struct Head {
        FoundRows found = {};
        std::optional<proto::BatchView> view = {};
        std::uint32_t first = 0;
        std::uint32_t last = 0;  // behind the last one
    };

    [[nodiscard]] base::Result<void> fill();
    [[nodiscard]] base::Result<std::unique_ptr<Head>> next_head(std::size_t stream);
    [[nodiscard]] std::int64_t time_of(const Head& head) const;
    // Tells whether a row of this time and stream comes before the next one of the other stream.
    [[nodiscard]] bool comes_before(std::int64_t time_ns, std::size_t stream, std::size_t other) const;
    [[nodiscard]] std::optional<std::size_t> next_stream(std::optional<std::size_t> but) const;
    [[nodiscard]] FoundRows take(std::size_t stream, std::uint32_t rows);
    [[nodiscard]] std::uint32_t run_length(std::size_t stream) const;

    std::vector<std::unique_ptr<RowStream>> streams_;
    std::vector<std::unique_ptr<Head>> heads_;  // of each stream; null: it must be asked
    std::vector<bool> ended_;                   // streams that have nothing more
    SearchOrder order_;
    std::uint64_t left_;  // rows that may still be given
};

// Returns what is left of a merge whose order is newest_first, the oldest run first: so the newest rows
// are shown as they came. Error (usage): the rows take more than bytes_limit of memory, which a smaller
// limit of rows mends; or as next().
[[nodiscard]] base::Result<std::vector<FoundRows>> oldest_first(TimeMerge& newest_first,
                                                                std::size_t bytes_limit);

}  // namespace packetsentry::spool
