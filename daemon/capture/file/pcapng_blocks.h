// The blocks of a pcapng file as bytes (draft-ietf-opsawg-pcapng, section 4): in this machine's byte
// order, with times in nanoseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/capture/packet.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

using BlockBytes = std::vector<std::byte>;

// The ticks of an enhanced packet block have no sign. Where this is false, such a block has the time 0.
[[nodiscard]] inline bool has_block_time(const Packet& packet) {
    return packet.has_time && packet.time_ns >= 0;
}

// Each function appends one whole block. number: that of the interface in the section, from 0, in the
// order of the descriptions.
// comments: an option opt_comment each, of which a reader gets the first 64 KiB.
void append_section_header(BlockBytes& to, std::span<const std::string> comments = {});
void append_interface_description(BlockBytes& to, const SourceInterface& interface);
// Without options. It takes 32 bytes and those of the frame, rounded up to a multiple of 4.
void append_enhanced_packet(BlockBytes& to, std::uint32_t number, const Packet& packet);
// It says neither a time nor an interface, which is the first one of the section.
void append_simple_packet(BlockBytes& to, const Packet& packet);
// Says what the interface has counted until time_ns: isb_ifrecv and isb_ifdrop, which other programs take
// from libpcap's counters.
void append_interface_statistics(BlockBytes& to, std::uint32_t number, const SourceInterface& interface,
                                 std::int64_t time_ns);

}  // namespace packetsentry::capture
