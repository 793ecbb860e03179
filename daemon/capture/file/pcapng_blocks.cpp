#include "daemon/capture/file/pcapng_blocks.h"

#include <array>
#include <span>
#include <string_view>

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
constexpr u16 kOptionComment = 1;
constexpr u16 kOptionName = 2;
constexpr u16 kOptionReceived = 4;
constexpr u16 kOptionDropped = 5;
constexpr u16 kOptionResolution = 9;
constexpr u16 kOptionApplication = 4;
constexpr u8 kNanoseconds = 9;
constexpr std::string_view kApplication = "PacketSentry " PACKETSENTRY_VERSION;
constexpr std::size_t kNameLimit = 255;
constexpr std::size_t kCommentLimit = 65'535;  // what the length of an option can say

constexpr u32 padded(std::size_t size) {
    return static_cast<u32>((size + 3) & ~std::size_t{3});
}

void append(BlockBytes& to, std::span<const std::byte> bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

void append_padded(BlockBytes& to, std::span<const std::byte> bytes) {
    static constexpr std::array<std::byte, 3> kZeros{};
    append(to, bytes);
    append(to, std::span(kZeros).first(padded(bytes.size()) - bytes.size()));
}

constexpr u32 text_option_size(std::string_view text) {
    return 4 + padded(text.size());
}

void append_text_option(BlockBytes& to, u16 code, std::string_view text) {
    append(to, block_fields(code, static_cast<u16>(text.size())));
    append_padded(to, std::as_bytes(std::span(text)));
}

}  // namespace

void append_section_header(BlockBytes& to, std::span<const std::string> comments) {
    const auto shortened = [](const std::string& text) {
        return std::string_view(text).substr(0, kCommentLimit);
    };
    u32 size = 32 + text_option_size(kApplication);
    for (const std::string& comment : comments) size += text_option_size(shortened(comment));
    append(to, block_fields(kSection, size, kByteOrderMagic, u16{1}, u16{0}, std::int64_t{-1}));
    for (const std::string& comment : comments) append_text_option(to, kOptionComment, shortened(comment));
    append_text_option(to, kOptionApplication, kApplication);
    append(to, block_fields(u32{0}, size));
}

void append_interface_description(BlockBytes& to, const SourceInterface& interface) {
    const auto name = std::string_view(interface.name).substr(0, kNameLimit);
    const u32 size = 32 + (name.empty() ? 0 : text_option_size(name));
    append(to, block_fields(kInterface, size, static_cast<u16>(interface.link_type), u16{0},
                            interface.snapshot_length));
    if (!name.empty()) append_text_option(to, kOptionName, name);
    append(to, block_fields(kOptionResolution, u16{1}, kNanoseconds, u8{0}, u16{0}));
    append(to, block_fields(u32{0}, size));
}

void append_enhanced_packet(BlockBytes& to, std::uint32_t number, const Packet& packet) {
    const auto captured = static_cast<u32>(packet.frame.size());
    const u32 size = 32 + padded(captured);
    const auto time = has_block_time(packet) ? static_cast<std::uint64_t>(packet.time_ns) : std::uint64_t{0};
    append(to, block_fields(kEnhancedPacket, size, number, static_cast<u32>(time >> 32),
                            static_cast<u32>(time), captured, packet.wire_bytes));
    append_padded(to, packet.frame);
    append(to, block_fields(size));
}

void append_simple_packet(BlockBytes& to, const Packet& packet) {
    const u32 size = 16 + padded(packet.frame.size());
    append(to, block_fields(kSimplePacket, size, packet.wire_bytes));
    append_padded(to, packet.frame);
    append(to, block_fields(size));
}

void append_interface_statistics(BlockBytes& to, std::uint32_t number, const SourceInterface& interface,
                                 std::int64_t time_ns) {
    constexpr u32 kSize = 24 + 12 + 12 + 4;
    const auto time = static_cast<std::uint64_t>(time_ns);
    append(to, block_fields(kStatistics, kSize, number, static_cast<u32>(time >> 32), static_cast<u32>(time),
                            kOptionReceived, u16{8}, interface.received, kOptionDropped, u16{8},
                            interface.dropped_by_kernel, u32{0}, kSize));
}

}  // namespace packetsentry::capture
