// What comes from outside, made safe for a log: no name or message can forge another line or reach a
// terminal's controls.
#pragma once

#include <string>
#include <string_view>

namespace packetsentry::log {

// What may not be shown as it is (base/printable.h) as \x1b for each byte, the backslash doubled: control
// characters, those that reorder text, that are invisible or break lines, and bytes outside UTF-8.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace packetsentry::log
