// packetsentryd's own options.
#pragma once

#include <string>
#include <variant>

#include "daemon/base/result.h"
#include "daemon/config/config.h"

namespace packetsentry::config {

// --help or --version: print this and end well.
struct PrintAndEnd {
    std::string text;
};

// --check-config: the configuration is valid as far as its own file goes; what it names is yet to be looked
// at.
struct CheckAndEnd {
    Config config;
};

using Invocation = std::variant<Config, PrintAndEnd, CheckAndEnd>;

// A flag beats the file, the file beats the default. The usual file may be absent; one named with
// --config may not. Errors: usage, file.
[[nodiscard]] base::Result<Invocation> parse_command_line(int argc, const char* const* argv);

inline constexpr const char* kUsualConfigFile = "/etc/packetsentry/packetsentryd.toml";

}  // namespace packetsentry::config
