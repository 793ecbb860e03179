// The usual names of protocols, for people.
#pragma once

#include <string_view>

namespace packetsentry::ctl::render {

// "Ethernet" for "eth", which is Wireshark's name for it. Empty for a layer without a row in the table.
[[nodiscard]] std::string_view layer_title(std::string_view layer);

}  // namespace packetsentry::ctl::render
