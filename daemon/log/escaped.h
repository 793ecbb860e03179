// Escapes names and messages from outside for the log, so that they can neither forge a line nor control a
// terminal.
#pragma once

#include <string>
#include <string_view>

namespace packetsentry::log {

// What may not be shown as it is (base/printable.h) as \x1b for each byte, the backslash doubled: control
// characters, those that reorder text, that are invisible or break lines, and bytes outside UTF-8.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace packetsentry::log
