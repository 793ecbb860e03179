// A small file that is old or new, never torn: written beside, synced, renamed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::base {

// Mode 0600. Survives a power cut once it has returned. Error: file; what was there before still is.
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view bytes);

// The whole of it; none where there is no such file. Error: file, also where it has more than limit bytes.
[[nodiscard]] Result<std::optional<std::string>> read_file(const std::string& path, std::size_t limit);

}  // namespace packetsentry::base
