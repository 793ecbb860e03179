// The protocols whose names may stand alone in an expression, as Wireshark calls them in "frame.protocols".
#pragma once

#include <span>
#include <string_view>

namespace packetsentry::query {

struct LayerName {
    std::string_view name;         // Wireshark's
    std::string_view others = {};  // further names that people type for it, separated by blanks
};

[[nodiscard]] std::span<const LayerName> layer_names();

// By any of its names; null for what is no protocol.
[[nodiscard]] const LayerName* find_layer(std::string_view name);

// Every packet has this layer, whatever its chain says.
inline constexpr std::string_view kFrameLayer = "frame";

}  // namespace packetsentry::query
