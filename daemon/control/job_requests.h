// The handlers of requests about jobs: to start, stop, see, change and renew them.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/control/call.h"

namespace packetsentry::control {

[[nodiscard]] boost::asio::awaitable<Outcome> start_job(Call& call);
[[nodiscard]] boost::asio::awaitable<Outcome> stop_jobs(Call& call);
[[nodiscard]] boost::asio::awaitable<Outcome> list_jobs(Call& call);
[[nodiscard]] boost::asio::awaitable<Outcome> show_job(Call& call);
[[nodiscard]] boost::asio::awaitable<Outcome> change_filter(Call& call);
[[nodiscard]] boost::asio::awaitable<Outcome> renew_job(Call& call);

// A job in the foreground ends with the connection that started it. So the client of that connection may also
// stop the job properly, even if the policy does not allow it to stop jobs.
inline constexpr const char* kOwnForeground = "own foreground capture";

// Tells whether a request to stop jobs names jobs in the foreground of its own session, and no others.
[[nodiscard]] bool stops_own_foreground(const Call& call);

}  // namespace packetsentry::control
