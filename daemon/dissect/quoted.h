// The beginning of the packet that an ICMP error answers: for its line and the chain of layers only.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/base/address.h"
#include "daemon/dissect/cursor.h"
#include "daemon/dissect/layer_chain.h"

namespace packetsentry::dissect {

// Errors quote as much as they like, so what is missing is no fault.
struct Quoted {
    base::Address destination;  // none: nothing useful was quoted
    std::string_view protocol;  // "UDP"; empty where unknown
    std::uint16_t port = 0;     // the destination's; 0: not told
    LayerName network = LayerName::none;
    LayerName transport = LayerName::none;  // none: no dissector reads it
};

[[nodiscard]] Quoted read_quoted_ipv4(Cursor bytes);
[[nodiscard]] Quoted read_quoted_ipv6(Cursor bytes);

}  // namespace packetsentry::dissect
