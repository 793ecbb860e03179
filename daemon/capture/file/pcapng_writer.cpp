#include "daemon/capture/file/pcapng_writer.h"

#include <algorithm>
#include <utility>

#include "daemon/capture/file/pcapng_blocks.h"

namespace packetsentry::capture {
namespace {

bool fits_simple(const Packet& packet, const SourceInterface& interface) {
    const std::uint32_t limit =
        interface.snapshot_length == 0 ? packet.wire_bytes : interface.snapshot_length;
    return packet.frame.size() == std::min(limit, packet.wire_bytes);
}

}  // namespace

PcapngWriter::PcapngWriter(base::UniqueFd output, Compression compression)
    : CaptureWriter(std::move(output), compression) {}

void PcapngWriter::begin_section(std::span<const std::string> comments) {
    append_section_header(out_.block(), comments);
    out_.end_block(false);
    begun_ = true;
}

std::uint32_t PcapngWriter::number_of(std::uint32_t index, const SourceInterface& interface) {
    if (const auto number = described_.number(index)) return *number;
    append_interface_description(out_.block(), interface);
    out_.end_block(false);
    return described_.add(index);
}

base::Result<void> PcapngWriter::write(const Packet& packet, std::span<const SourceInterface> interfaces) {
    if (!out_.state()) return out_.state();
    if (!out_.has_room()) return {};
    if (!begun_) begin_section();
    const SourceInterface& interface = interfaces[packet.interface];
    const std::uint32_t number = number_of(packet.interface, interface);
    if (!has_block_time(packet) && number == 0 && fits_simple(packet, interface))
        append_simple_packet(out_.block(), packet);
    else
        append_enhanced_packet(out_.block(), number, packet);
    out_.end_block(true);
    return out_.full() ? out_.hand_over() : base::Result<void>{};
}

void PcapngWriter::put_counts(std::span<const SourceInterface> interfaces, std::int64_t time_ns) {
    if (!out_.state()) return;
    if (!begun_) begin_section();
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
        const std::uint32_t number = number_of(i, interfaces[i]);
        append_interface_statistics(out_.block(), number, interfaces[i], time_ns);
        out_.end_block(false);
    }
}

// A section has interfaces of its own.
void PcapngWriter::put_comments(std::span<const std::string> comments) {
    if (!out_.state()) return;
    begin_section(comments);
    described_.clear();
}

base::Result<void> PcapngWriter::put_head(std::span<const SourceInterface> interfaces) {
    if (!begun_) begin_section();
    // With no packet the reader still learns what was listened to.
    if (described_.count() == 0)
        for (std::uint32_t i = 0; i < interfaces.size(); ++i) (void)number_of(i, interfaces[i]);
    return {};
}

void PcapngWriter::begin_file() {
    begun_ = false;
    described_.clear();
}

}  // namespace packetsentry::capture
