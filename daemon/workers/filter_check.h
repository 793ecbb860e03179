// Whether a filter of the policy is a libpcap expression, before a job needs it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::workers {

// A worker compiles it: this process has no libpcap. Errors: filter (it is none, or takes too long to
// compile), internal (there was no way to find out).
[[nodiscard]] boost::asio::awaitable<base::Result<void>> check_filter(boost::asio::any_io_executor executor,
                                                                      std::string worker_path,
                                                                      std::string filter);

}  // namespace packetsentry::workers
