// Checks the filters of standing jobs before the jobs start.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/standing/standing_job.h"

namespace packetsentry::control {

// Errors: usage (an expression is wrong; the message begins with "path:line: "), internal (no worker
// could be asked, which says nothing about the job).
[[nodiscard]] boost::asio::awaitable<base::Result<void>> check_job_filters(
    boost::asio::any_io_executor executor, std::string worker_path, standing::StandingJob job);

// Does the same, and blocks until it is done, for a caller that has no event loop yet.
[[nodiscard]] base::Result<void> check_job_filters_now(const std::string& worker_path,
                                                       const standing::StandingJob& job);

}  // namespace packetsentry::control
