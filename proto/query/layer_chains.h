// Chains of layers, as a batch has them: "eth:ethertype:ip:tcp:http", outermost first.
#pragma once

#include <string_view>

namespace packetsentry::query {

// Whether a chain has the layer.
[[nodiscard]] bool has_layer(std::string_view chain, std::string_view layer);

// "tcp", "udp" or "sctp", whichever is the innermost of them; empty where the chain has none.
[[nodiscard]] std::string_view innermost_transport(std::string_view chain);

}  // namespace packetsentry::query
