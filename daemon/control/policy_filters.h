// The filters of a policy, looked at before it is taken into use.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "daemon/base/result.h"
#include "daemon/policy/rule.h"

namespace packetsentry::control {

// Error: usage, "path:line: " of the first rule whose filter is no libpcap expression. Where a worker cannot
// be asked, that is logged, and the policy is taken for right.
[[nodiscard]] boost::asio::awaitable<base::Result<void>> check_filters(boost::asio::any_io_executor executor,
                                                                       std::string worker_path,
                                                                       policy::Policy policy);

// Checks the same and waits for the answer, for a caller that has no event loop yet.
[[nodiscard]] base::Result<void> check_filters_now(const std::string& worker_path,
                                                   const policy::Policy& policy);

}  // namespace packetsentry::control
