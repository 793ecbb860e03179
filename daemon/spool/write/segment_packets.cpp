#include "daemon/spool/write/segment_packets.h"

#include <utility>

#include "daemon/capture/file/pcapng_blocks.h"

namespace packetsentry::spool {

void SegmentPackets::begin() {
    described_.clear();
    bytes_ = 0;
    capture::append_section_header(chunk_.bytes);
    end_block(0, false);
}

void SegmentPackets::describe(std::uint32_t interface, const capture::SourceInterface& description) {
    const std::size_t before = chunk_.bytes.size();
    capture::append_interface_description(chunk_.bytes, description);
    end_block(before, false);
    described_.add(interface);
}

std::uint64_t SegmentPackets::append(const capture::Packet& packet) {
    const std::size_t before = chunk_.bytes.size();
    capture::append_enhanced_packet(chunk_.bytes, described_.number(packet.interface).value(), packet);
    return end_block(before, true);
}

std::uint64_t SegmentPackets::end_block(std::size_t chunk_bytes, bool packet) {
    chunk_.end_block(packet);
    return std::exchange(bytes_, bytes_ + chunk_.bytes.size() - chunk_bytes);
}

}  // namespace packetsentry::spool
