// The packets of a segment as blocks of its pcapng (FORMAT.md, "Packets").
#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/capture/file/described_interfaces.h"
#include "daemon/capture/file/output_chunk.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::spool {

// Collects blocks in a chunk. When the chunk is full, the caller takes it away and leaves an empty one.
// interface: index in PacketSource::interfaces().
class SegmentPackets {
  public:
    // Begins the pcapng of another segment, with the header of its section. The chunk must be empty.
    void begin();

    // A block of rows must be ended before describe(), because no other block stands between its packets.
    [[nodiscard]] bool describes(std::uint32_t interface) const {
        return described_.number(interface).has_value();
    }
    void describe(std::uint32_t interface, const capture::SourceInterface& description);

    // Appends a packet, whose interface has been described, and of which some bytes are stored: its frame
    // has these bytes and no others. Returns the place of its block in the pcapng.
    std::uint64_t append(const capture::Packet& packet);

    // The length of the pcapng, with what is in the chunk.
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] capture::OutputChunk& chunk() { return chunk_; }

  private:
    // Ends the block that was appended to the chunk, which had chunk_bytes before it. Returns its place.
    std::uint64_t end_block(std::size_t chunk_bytes, bool packet);

    capture::DescribedInterfaces described_;
    capture::OutputChunk chunk_;
    std::uint64_t bytes_ = 0;
};

}  // namespace packetsentry::spool
