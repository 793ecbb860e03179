// Checks filters that a file of the administrator has, before a job needs them. A worker compiles them,
// because this process has no libpcap, and parses no expression.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::workers {

// Tells whether a text is a libpcap expression. Errors: filter (it is not one, or takes too long to
// compile), internal (no worker could be started, or it failed).
[[nodiscard]] boost::asio::awaitable<base::Result<void>> check_filter(boost::asio::any_io_executor executor,
                                                                      std::string worker_path,
                                                                      std::string filter);

// Does the same for a display filter.
[[nodiscard]] boost::asio::awaitable<base::Result<void>> check_display_filter(
    boost::asio::any_io_executor executor, std::string worker_path, std::string filter);

}  // namespace packetsentry::workers
