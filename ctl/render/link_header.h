// Where the link layer header of a frame ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace packetsentry::ctl::render {

// Returns the bytes before the network layer, with VLAN tags and the LLC header of a frame that has them: the
// header that tcpdump leaves out with -x. It may be more than the frame has. 0: the frame has no link layer
// header, or this table does not have its link type. link_type: LINKTYPE_*
// (https://www.tcpdump.org/linktypes.html).
[[nodiscard]] std::size_t link_header_bytes(std::uint32_t link_type, std::string_view frame);

}  // namespace packetsentry::ctl::render
