// How a packet filter program begins: what the header of each link type says of what follows.
#pragma once

#include <cstdint>

#include "daemon/capture/filter/packet_walk.h"

namespace packetsentry::capture {

[[nodiscard]] bool has_link_type_steps(std::uint32_t link_type);

// The first step. Returns false, and writes nothing, where the link type has none.
[[nodiscard]] bool put_link_type(PacketWalk& walk, std::uint32_t link_type);

}  // namespace packetsentry::capture
