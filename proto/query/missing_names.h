// Names that Wireshark has and this language does not, each with the reason and with what to write instead.
#pragma once

#include <string>
#include <string_view>

namespace packetsentry::query {

// One sentence without its full stop; empty: the name is not known to be Wireshark's.
[[nodiscard]] std::string why_missing(std::string_view name);

}  // namespace packetsentry::query
