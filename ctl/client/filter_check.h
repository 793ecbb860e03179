// Checks a libpcap expression with a worker process of the client's own, because the client has no
// libpcap.
#pragma once

#include <string>

#include "daemon/base/result.h"

namespace packetsentry::ctl {

// Blocks for ten seconds at most. Errors: filter (the text is no expression, or takes too long to
// compile), internal (no worker could be started, or it failed).
[[nodiscard]] base::Result<void> check_expression(const std::string& expression);

}  // namespace packetsentry::ctl
