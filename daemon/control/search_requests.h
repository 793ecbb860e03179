// Answers questions about the past.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/control/call.h"

namespace packetsentry::control {

// Starts a worker that answers the question through the pipe that came with it. Errors: usage (what came with
// the request is wrong, or the user asks too many questions at once), filter, no_such_job, not_permitted,
// internal, timed_out.
[[nodiscard]] boost::asio::awaitable<Outcome> search_past(Call& call);

}  // namespace packetsentry::control
