// The handlers of requests about the machine and the daemon: interfaces and status.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/control/call.h"

namespace packetsentry::control {

[[nodiscard]] boost::asio::awaitable<Outcome> show_interfaces(Call& call);
[[nodiscard]] boost::asio::awaitable<Outcome> show_status(Call& call);

}  // namespace packetsentry::control
