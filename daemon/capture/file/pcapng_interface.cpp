#include "daemon/capture/file/pcapng_interface.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "daemon/capture/file/byte_view.h"

namespace packetsentry::capture {
namespace {

constexpr std::size_t kFixedBytes = 8;  // 0 link type  2 reserved  4 snapshot length
constexpr std::size_t kOptionHeadBytes = 4;
enum Option : std::uint16_t { kEnd = 0, kName = 2, kResolution = 9, kTimeOffset = 14 };

struct Clock {
    std::uint8_t resolution = 6;
    std::int64_t offset_seconds = 0;
};

std::string_view text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void take_option(std::uint16_t code, std::span<const std::byte> value, bool swapped, Clock& clock,
                 std::string_view& name) {
    if (code == kName) name = text(value);
    if (code == kResolution && !value.empty()) clock.resolution = std::to_integer<std::uint8_t>(value[0]);
    if (code == kTimeOffset)
        clock.offset_seconds = std::bit_cast<std::int64_t>(ByteView(value, swapped).u64(0));
}

constexpr std::size_t padded(std::size_t size) {
    return (size + 3) & ~std::size_t{3};
}

}  // namespace

PcapngInterface parse_interface(std::span<const std::byte> body, bool swapped, std::size_t name_limit) {
    Clock clock;
    std::string_view name;
    auto options = body.subspan(std::min(kFixedBytes, body.size()));
    while (options.size() >= kOptionHeadBytes) {
        const ByteView head(options, swapped);
        const std::uint16_t code = head.u16(0);
        const std::size_t size = head.u16(2);
        options = options.subspan(kOptionHeadBytes);
        if (code == kEnd || size > options.size()) break;
        take_option(code, options.first(size), swapped, clock, name);
        options = options.subspan(std::min(padded(size), options.size()));
    }
    PcapngInterface parsed{.interface = {}, .clock = TimeScale(clock.resolution, clock.offset_seconds)};
    parsed.interface.name = name.substr(0, std::min(name_limit, name.find('\0')));
    parsed.interface.link_type = ByteView(body, swapped).u16(0);
    parsed.interface.snapshot_length = ByteView(body, swapped).u32(4);
    return parsed;
}

}  // namespace packetsentry::capture
