// One captured packet, as every source gives it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace packetsentry::capture {

struct Packet {
    std::int64_t time_ns = 0;  // since 1970-01-01 UTC; 0 with has_time false
    bool has_time = true;      // false: the file does not say it, or in no 64 bits
    bool time_back = false;    // earlier than the one before by more than reordering explains
    std::uint32_t wire_bytes = 0;
    std::uint32_t link_type = 0;       // LINKTYPE_*
    std::uint32_t interface = 0;       // index in PacketSource::interfaces()
    std::uint64_t number = 0;          // place in a file, from 1; 0: live, where the receiver counts
    std::span<const std::byte> frame;  // captured bytes; the source's, until its next read
    // Begins where the frame of the next packet does, if nothing else stands between, and goes on to the end
    // of what the source has; empty if it has no more. Valid while `frame` is. Nothing of it is checked, so
    // it is good for no more than to have memory fetched early.
    std::span<const std::byte> next_frame = {};
};

}  // namespace packetsentry::capture
