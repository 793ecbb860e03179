// Sizes as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace packetsentry::config {

// "4096", "64KiB", "10 MB", "1GiB" → bytes. Powers of ten without the i, as the suffix says.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace packetsentry::config
