// What comes from outside, made safe for a log: no name or message can forge another line or reach a
// terminal's controls.
#pragma once

#include <string>
#include <string_view>

namespace packetsentry::log {

// Control bytes and bytes outside UTF-8 as \x1b, the backslash doubled.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace packetsentry::log
