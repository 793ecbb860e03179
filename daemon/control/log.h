// Where the daemon's log goes: the journal under systemd, else standard error.
#pragma once

#include <string>
#include <string_view>

namespace packetsentry::control {

// Sets spdlog up; level as in config::Config. What comes from outside is escaped here, once, for every
// line, so that no name or message can forge another line or reach a terminal's controls.
void open_log(const std::string& level);

// Control bytes and bytes outside UTF-8 as \x1b, the backslash doubled.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace packetsentry::control
