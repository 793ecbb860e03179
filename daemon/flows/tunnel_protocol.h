// Tunnels that UDP carries, as the applications of the flows between their ends.
#pragma once

#include <string_view>

#include "daemon/dissect/dissection.h"

namespace packetsentry::flows {

// type: as dissect::InnerNetwork has it. Null: it is no tunnel over UDP, so the IP protocol says what it is.
[[nodiscard]] const dissect::Protocol* tunnel_protocol(std::string_view type);

}  // namespace packetsentry::flows
