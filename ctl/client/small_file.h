// Reads a small file of the user's, with the user's own rights.
#pragma once

#include <cstddef>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::ctl {

// It must be an ordinary file. If it is longer than most, the first most + 1 bytes are returned, so that
// the caller notices. Error: file.
[[nodiscard]] base::Result<std::string> read_small_file(const std::string& path, std::size_t most);

}  // namespace packetsentry::ctl
