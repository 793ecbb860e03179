#include "daemon/capture/file/pcapng_writer.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "daemon/capture/file/block_fields.h"

namespace packetsentry::capture {
namespace {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;

constexpr u32 kSection = 0x0a0d0d0a;
constexpr u32 kByteOrderMagic = 0x1a2b3c4d;
constexpr u32 kInterface = 1;
constexpr u32 kSimplePacket = 3;
constexpr u32 kStatistics = 5;
constexpr u32 kEnhancedPacket = 6;
constexpr u16 kOptionName = 2;
constexpr u16 kOptionReceived = 4;
constexpr u16 kOptionDropped = 5;
constexpr u16 kOptionResolution = 9;
constexpr u16 kOptionApplication = 4;
constexpr u8 kNanoseconds = 9;
constexpr std::string_view kApplication = "PacketSentry " PACKETSENTRY_VERSION;
constexpr std::size_t kNameLimit = 255;

constexpr u32 padded(std::size_t size) {
    return static_cast<u32>((size + 3) & ~std::size_t{3});
}

std::span<const std::byte> padding(std::size_t size) {
    static constexpr std::array<std::byte, 3> kZeros{};
    return std::span(kZeros).first(padded(size) - size);
}

constexpr u32 text_option_size(std::string_view text) {
    return 4 + padded(text.size());
}

void put_text_option(OutputBuffer& out, u16 code, std::string_view text) {
    out.put(block_fields(code, static_cast<u16>(text.size())));
    out.put(std::as_bytes(std::span(text)));
    out.put(padding(text.size()));
}

// The ticks of an enhanced packet block have no sign.
bool is_sayable(const Packet& packet) {
    return packet.has_time && packet.time_ns >= 0;
}

bool fits_simple(const Packet& packet, const SourceInterface& interface) {
    const u32 limit = interface.snapshot_length == 0 ? packet.wire_bytes : interface.snapshot_length;
    return packet.frame.size() == std::min(limit, packet.wire_bytes);
}

}  // namespace

PcapngWriter::PcapngWriter(base::UniqueFd output, Compression compression)
    : CaptureWriter(std::move(output), compression) {}

void PcapngWriter::begin_section() {
    const u32 size = 32 + text_option_size(kApplication);
    out_.put(block_fields(kSection, size, kByteOrderMagic, u16{1}, u16{0}, std::int64_t{-1}));
    put_text_option(out_, kOptionApplication, kApplication);
    out_.put(block_fields(u32{0}, size));
    out_.end_block(false);
    begun_ = true;
}

void PcapngWriter::describe(const SourceInterface& interface) {
    const auto name = std::string_view(interface.name).substr(0, kNameLimit);
    const u32 size = 32 + (name.empty() ? 0 : text_option_size(name));
    out_.put(block_fields(kInterface, size, static_cast<u16>(interface.link_type), u16{0},
                          interface.snapshot_length));
    if (!name.empty()) put_text_option(out_, kOptionName, name);
    out_.put(block_fields(kOptionResolution, u16{1}, kNanoseconds, u8{0}, u16{0}));
    out_.put(block_fields(u32{0}, size));
    out_.end_block(false);
}

std::uint32_t PcapngWriter::number_of(std::uint32_t index, const SourceInterface& interface) {
    if (index >= numbers_.size()) numbers_.resize(index + 1);
    if (!numbers_[index]) {
        describe(interface);
        numbers_[index] = described_++;
    }
    return *numbers_[index];
}

base::Result<void> PcapngWriter::write(const Packet& packet, std::span<const SourceInterface> interfaces) {
    if (!out_.state()) return out_.state();
    if (!out_.has_room()) return {};
    if (!begun_) begin_section();
    const SourceInterface& interface = interfaces[packet.interface];
    const std::uint32_t number = number_of(packet.interface, interface);
    if (!is_sayable(packet) && number == 0 && fits_simple(packet, interface))
        put_simple(packet);
    else
        put_enhanced(number, packet);
    return out_.full() ? out_.hand_over() : base::Result<void>{};
}

void PcapngWriter::put_enhanced(std::uint32_t number, const Packet& packet) {
    const auto captured = static_cast<u32>(packet.frame.size());
    const u32 size = 32 + padded(captured);
    const auto time = is_sayable(packet) ? static_cast<std::uint64_t>(packet.time_ns) : std::uint64_t{0};
    out_.put(block_fields(kEnhancedPacket, size, number, static_cast<u32>(time >> 32), static_cast<u32>(time),
                          captured, packet.wire_bytes));
    out_.put(packet.frame);
    out_.put(padding(captured));
    out_.put(block_fields(size));
    out_.end_block(true);
}

void PcapngWriter::put_simple(const Packet& packet) {
    const u32 size = 16 + padded(packet.frame.size());
    out_.put(block_fields(kSimplePacket, size, packet.wire_bytes));
    out_.put(packet.frame);
    out_.put(padding(packet.frame.size()));
    out_.put(block_fields(size));
    out_.end_block(true);
}

// isb_ifrecv and isb_ifdrop, as libpcap's counters are written by others.
void PcapngWriter::put_counts(std::span<const SourceInterface> interfaces, std::int64_t time_ns) {
    constexpr u32 kSize = 24 + 12 + 12 + 4;
    const auto time = static_cast<std::uint64_t>(time_ns);
    if (!out_.state()) return;
    if (!begun_) begin_section();
    for (u32 i = 0; i < interfaces.size(); ++i) {
        const u32 number = number_of(i, interfaces[i]);
        out_.put(block_fields(kStatistics, kSize, number, static_cast<u32>(time >> 32),
                              static_cast<u32>(time), kOptionReceived, u16{8}, interfaces[i].received,
                              kOptionDropped, u16{8}, interfaces[i].dropped_by_kernel, u32{0}, kSize));
        out_.end_block(false);
    }
}

base::Result<void> PcapngWriter::flush(std::span<const SourceInterface> interfaces) {
    if (!begun_) begin_section();
    // With no packet the reader still learns what was listened to.
    if (described_ == 0)
        for (std::uint32_t i = 0; i < interfaces.size(); ++i) (void)number_of(i, interfaces[i]);
    return out_.flush();
}

}  // namespace packetsentry::capture
