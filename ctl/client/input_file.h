// Opens a capture file for reading, with the user's own rights.
#pragma once

#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {

// "-" is standard input. An ordinary file or a pipe; a directory, device, terminal or socket is refused.
// Error: file.
[[nodiscard]] base::Result<base::UniqueFd> open_input(const std::string& name);

}  // namespace packetsentry::ctl
