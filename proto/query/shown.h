// Parts of an expression inside of a message, which is one line whatever bytes the expression has.
#pragma once

#include <string>
#include <string_view>

namespace packetsentry::query {

// In double quotes, shortened to kShownLimit bytes. Bytes that cannot be printed read as \xHH.
[[nodiscard]] std::string shown(std::string_view text);

inline constexpr std::size_t kShownLimit = 48;

// With every byte that a double-quoted string of the language needs an escape for; nothing is left out.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace packetsentry::query
