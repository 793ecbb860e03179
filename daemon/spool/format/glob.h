// Patterns for names: '*' stands for any bytes, '?' for one, everything else for itself.
#pragma once

#include <string_view>

namespace packetsentry::spool {

// It takes at most as many steps as the product of both lengths.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace packetsentry::spool
