// The requests about the output of a job.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/control/call.h"

namespace packetsentry::control {

[[nodiscard]] boost::asio::awaitable<Outcome> give_output(Call& call);

}  // namespace packetsentry::control
