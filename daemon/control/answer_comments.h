// What the head of a file with packets of the past says about them: which packets are missing, and why.
#pragma once

#include <string>
#include <vector>

#include "daemon/control/shared.h"
#include "daemon/spool/catalogue/segment.h"
#include "proto/messages/search.pb.h"

namespace packetsentry::control {

// Bytes of all comments of a question together. Further ones are counted, and the last comment says so.
inline constexpr std::size_t kCommentBytes = 32 * 1024;

// Returns a sentence for each job that is searched and for each of its losses in this time, for what is no
// longer kept of it, and for what is withheld from the user. Times are in UTC, so that the file means the
// same elsewhere.
[[nodiscard]] std::vector<std::string> comments_on(Shared& shared, const wire::SearchScope& scope,
                                                   const spool::TimeRange& range);

// Returns a sentence for each loss of a job in this time. job: as it is described to its owner.
[[nodiscard]] std::vector<std::string> loss_comments(const std::string& name, const wire::Job& job,
                                                     const spool::TimeRange& range);

}  // namespace packetsentry::control
