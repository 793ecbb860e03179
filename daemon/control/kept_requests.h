// Requests about what is kept in the spool, apart from questions (search_requests.h).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "daemon/control/call.h"

namespace packetsentry::control {

// Removes what jobs have kept, and records who did it. Root may do this to all jobs, and other users to those
// that they started. Errors: no_such_job, not_permitted, file, timed_out.
[[nodiscard]] boost::asio::awaitable<Outcome> purge_kept(Call& call);

// Adds to the descriptions of jobs what the spool has of them. Adds nothing while the disk does not answer.
[[nodiscard]] boost::asio::awaitable<void> describe_kept(const Call& call, wire::Jobs& jobs);
// Adds what the spool has of all jobs, of those that users keep, and of the user's own among these.
[[nodiscard]] boost::asio::awaitable<void> describe_spool(const Call& call, wire::Status& status);

}  // namespace packetsentry::control
