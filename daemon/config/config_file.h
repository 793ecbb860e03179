// The configuration file: TOML, every key known, every type right, every number in range.
#pragma once

#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/config/config.h"

namespace packetsentry::config {

// Overrides in config what the file names. Errors: usage, with "path:line: " in front; file, where there is
// none, or others than root and the user of this process could have written it (daemon/base/trusted_path.h).
[[nodiscard]] base::Result<void> read_config_file(const std::string& path, Config& config);
// Parses text that has been read already, in the same way. path: named in the errors.
[[nodiscard]] base::Result<void> read_config_text(std::string_view text, const std::string& path,
                                                  Config& config);

}  // namespace packetsentry::config
