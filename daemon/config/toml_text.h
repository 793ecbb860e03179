// Parses our TOML files, and words the errors for mistakes in them.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::config {

// path: the path that errors name. Error: usage.
[[nodiscard]] base::Result<toml::table> parse_toml(std::string_view text, const std::string& path);

// Returns the error (usage) "path:line: what".
[[nodiscard]] std::unexpected<base::Error> mistake(const std::string& path, std::uint32_t line,
                                                   const std::string& what);

}  // namespace packetsentry::config
