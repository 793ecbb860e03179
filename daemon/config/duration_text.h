// Durations as people write them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace packetsentry::config {

// "90s", "15m", "24h", "7d". A unit is needed.
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace packetsentry::config
