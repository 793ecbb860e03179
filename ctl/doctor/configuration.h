// Asks packetsentryd itself whether its configuration is right.
#pragma once

#include <optional>
#include <string>

namespace packetsentry::ctl::doctor {

// What "packetsentryd --check-config" has against the usual files, on one line; it is asked for some seconds
// at most. None: they are right, or the user may not read them, or there is no packetsentryd here to ask.
[[nodiscard]] std::optional<std::string> find_mistake();

}  // namespace packetsentry::ctl::doctor
