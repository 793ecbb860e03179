// Which fields are shown below which layer of a packet, and by which names. It depends on nothing but the
// packet's chain of layers, so that packets with one chain share a plan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {

// Values first to last of a field. Of a list that has one value for each layer of a kind, each such layer
// shows its own.
struct PlannedField {
    const rows::FieldInfo* info = nullptr;
    // Wireshark's name, where the layer has it; else the path. It lives as long as the table of fields.
    std::string_view name = {};
    std::size_t first = 0;
    std::size_t last = static_cast<std::size_t>(-1);  // included
};

struct PlannedLayer {
    std::string title;  // escaped
    std::vector<PlannedField> fields = {};
};

// The packet as a whole ("Frame"), then the layers of the chain, outermost first, and at last "PacketSentry",
// where the fields are that belong to no layer. Each field of the table is below exactly one of them, but for
// those of a list with a value for each layer, and for what is no news: ecs.version, which every row has, and
// packetsentry.summary, which is the line above. chain: "eth:ethertype:ip:udp:dns".
[[nodiscard]] std::vector<PlannedLayer> plan_layers(std::string_view chain);

// The fields that rows of this table have, below one title and by their paths. It must not be that of
// packets, whose rows alone have layers.
[[nodiscard]] std::vector<PlannedLayer> plan_table(wire::Table table);

}  // namespace packetsentry::ctl::render
