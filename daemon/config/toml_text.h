// TOML files of ours: how they are parsed, and how their mistakes read.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::config {

// path: for the mistakes. Errors: usage.
[[nodiscard]] base::Result<toml::table> parse_toml(std::string_view text, const std::string& path);

// "path:line: what". Error: usage.
[[nodiscard]] std::unexpected<base::Error> mistake(const std::string& path, std::uint32_t line,
                                                   const std::string& what);

}  // namespace packetsentry::config
