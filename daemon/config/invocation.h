// Parses the command line of packetsentryd.
#pragma once

#include <string>
#include <variant>

#include "daemon/base/result.h"
#include "daemon/config/config.h"

namespace packetsentry::config {

// For --help or --version: print this text and exit with status 0.
struct PrintAndEnd {
    std::string text;
};

// For --check-config: the configuration file is valid; the files that it names have not been checked yet.
struct CheckAndEnd {
    Config config;
};

using Invocation = std::variant<Config, PrintAndEnd, CheckAndEnd>;

// An option takes precedence over the file, and the file over the default. The default file need not exist; a
// file named with --config must exist. Errors: usage, file.
[[nodiscard]] base::Result<Invocation> parse_command_line(int argc, const char* const* argv);

inline constexpr const char* kUsualConfigFile = "/etc/packetsentry/packetsentryd.toml";

}  // namespace packetsentry::config
