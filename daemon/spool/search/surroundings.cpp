#include "daemon/spool/search/surroundings.h"

#include <limits>
#include <string>

#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

std::int64_t Surroundings::earlier(std::int64_t time_ns, std::int64_t by_ns) {
    std::int64_t result = 0;
    return __builtin_sub_overflow(time_ns, by_ns, &result) ? std::numeric_limits<std::int64_t>::min()
                                                           : result;
}

std::int64_t Surroundings::later(std::int64_t time_ns, std::int64_t by_ns) {
    std::int64_t result = 0;
    return __builtin_add_overflow(time_ns, by_ns, &result) ? std::numeric_limits<std::int64_t>::max()
                                                           : result;
}

base::Result<void> Surroundings::add(const FoundRows& found) {
    const auto view = proto::BatchView::check(found.batch);
    if (!view) return std::unexpected(view.error());
    TimeSet& times = jobs_[found.job];
    for (std::uint32_t row = 0; row < view->rows(); ++row)
        times.add(earlier(view->time_ns(row), distance_ns_), later(view->time_ns(row), distance_ns_));
    std::size_t pieces = 0;
    for (const auto& [job, of_job] : jobs_) pieces += of_job.pieces();
    if (pieces <= kPiecesLimit) return {};
    return base::fail(base::ErrorCode::usage,
                      "packets were found at more than " + std::to_string(kPiecesLimit) +
                          " times with nothing between them, and so many cannot be shown with what is around "
                          "them; ask for a shorter time, or for fewer packets with -c");
}

const TimeSet& Surroundings::of(std::uint64_t job) const {
    static const TimeSet kNone;
    const auto found = jobs_.find(job);
    return found == jobs_.end() ? kNone : found->second;
}

}  // namespace packetsentry::spool
