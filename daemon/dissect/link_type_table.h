// The table of link types: what the first byte of a frame is.
#pragma once

#include <cstdint>

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

// link_type: LINKTYPE_* (https://www.tcpdump.org/linktypes.html). Null: not in the table.
[[nodiscard]] LayerDissector find_link_type(std::uint32_t link_type);

}  // namespace packetsentry::dissect
