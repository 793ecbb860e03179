// Which layers the packets of a batch have: each chain once, and a number a row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/rows/batch_view.h"

namespace packetsentry::query {

struct LayerChains {
    std::vector<std::string> chains;    // "ip:tcp:http", outermost first
    std::vector<std::uint16_t> of_row;  // index in chains
};

// The one place that knows where chains come from.
[[nodiscard]] LayerChains layer_chains(const proto::BatchView& view);

// Whether a chain has the layer.
[[nodiscard]] bool has_layer(std::string_view chain, std::string_view layer);

// "tcp", "udp" or "sctp", whichever is the innermost of them; empty where the chain has none.
[[nodiscard]] std::string_view innermost_transport(std::string_view chain);

}  // namespace packetsentry::query
