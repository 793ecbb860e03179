// Reads the configuration file. It is TOML; an unknown key, a wrong type or a number out of range is an
// error.
#pragma once

#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/config/config.h"

namespace packetsentry::config {

// Sets the members of config that the file has. Errors: usage, beginning with "path:line: "; file, if there
// is none, or others than root and the user of this process could have written it
// (daemon/base/trusted_path.h).
[[nodiscard]] base::Result<void> read_config_file(const std::string& path, Config& config);
// Does the same with text that has already been read. path: the path that errors name.
[[nodiscard]] base::Result<void> read_config_text(std::string_view text, const std::string& path,
                                                  Config& config);

}  // namespace packetsentry::config
