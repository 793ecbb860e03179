// Waits for a user's turn to have a filter compiled.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "daemon/jobs/job.h"
#include "daemon/quota/capture_resources.h"

namespace packetsentry::jobs {

// Waits until the user who pays for the job may have a filter compiled, so that a user with many filters that
// are hard to compile delays nobody else. Returns null if the job was stopped, or ended, before its turn
// came.
[[nodiscard]] boost::asio::awaitable<quota::CaptureResources::TurnPtr> turn_to_compile(
    boost::asio::any_io_executor executor, std::shared_ptr<quota::CaptureResources> resources,
    std::shared_ptr<Job> job);

}  // namespace packetsentry::jobs
