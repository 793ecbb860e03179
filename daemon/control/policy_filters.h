// Checks the filters of a policy before the policy is taken into use.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "daemon/base/result.h"
#include "daemon/policy/rule.h"

namespace packetsentry::control {

// Error (usage): the message begins with "path:line: " of the first rule whose filter is not a libpcap
// expression. If no worker can be started to compile the filters, this is logged, and the policy is accepted.
[[nodiscard]] boost::asio::awaitable<base::Result<void>> check_filters(boost::asio::any_io_executor executor,
                                                                       std::string worker_path,
                                                                       policy::Policy policy);

// Does the same, and blocks until it is done, for a caller that has no event loop yet.
[[nodiscard]] base::Result<void> check_filters_now(const std::string& worker_path,
                                                   const policy::Policy& policy);

}  // namespace packetsentry::control
