// The handler of the request that asks what the policy allows.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/control/call.h"

namespace packetsentry::control {

[[nodiscard]] boost::asio::awaitable<Outcome> check_policy(Call& call);

}  // namespace packetsentry::control
