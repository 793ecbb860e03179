// Checks whether a filter of the policy is a libpcap expression, before a job needs it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::workers {

// Has a worker compile the filter, because this process has no libpcap. Errors: filter (it is not an
// expression, or takes too long to compile), internal (no worker could be started, or it failed).
[[nodiscard]] boost::asio::awaitable<base::Result<void>> check_filter(boost::asio::any_io_executor executor,
                                                                      std::string worker_path,
                                                                      std::string filter);

}  // namespace packetsentry::workers
