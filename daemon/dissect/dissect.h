// Bytes in, one Dissection out. Pure: no allocation, no I/O, no clock, no exception, bounded work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/dissect/dissection.h"
#include "daemon/dissect/layout.h"

namespace packetsentry::dissect {

// frame: the captured bytes; wire_bytes: its length on the wire (a shorter frame was cut by the snapshot
// length, which by itself is not malformed). link_type: LINKTYPE_* of the capture file formats
// (https://www.tcpdump.org/linktypes.html); an unknown one gives the protocol word "LINK".
// Resets out first. layout: where things stand in the frame, for who asks.
void dissect(std::span<const std::byte> frame, std::size_t wire_bytes, std::uint32_t link_type,
             Dissection& out, Layout* layout = nullptr);

}  // namespace packetsentry::dissect
