// The handler of the request to follow a job.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/control/call.h"

namespace packetsentry::control {

[[nodiscard]] boost::asio::awaitable<Outcome> follow_job(Call& call);

}  // namespace packetsentry::control
