// Words the error for a daemon that cannot be reached, with the command that fixes it.
#pragma once

#include <string>

#include "daemon/base/result.h"

namespace packetsentry::ctl {

// error_number: of connect().
[[nodiscard]] base::Error connection_error(const std::string& socket_path, int error_number);

}  // namespace packetsentry::ctl
