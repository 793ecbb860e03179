#include "daemon/dissect/tcp_options.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kSegmentSize = field("packetsentry.tcp.mss");
constexpr const FieldInfo& kWindowScale = field("packetsentry.tcp.window_scale");
constexpr const FieldInfo& kSackPermitted = field("packetsentry.tcp.sack_permitted");
constexpr const FieldInfo& kSackLeft = field("packetsentry.tcp.sack_left");
constexpr const FieldInfo& kSackRight = field("packetsentry.tcp.sack_right");

constexpr std::uint8_t kEndOfList = 0, kFill = 1;
constexpr std::size_t kHeadSize = 2, kBlockSize = 8;

void read_blocks(Cursor value, Walk& walk) {
    while (value.has(kBlockSize)) {
        walk.out.add(kSackLeft, std::uint64_t{value.u32()});
        walk.out.add(kSackRight, std::uint64_t{value.u32()});
    }
}

void read_timestamps(Cursor value, Walk& walk) {
    walk.out.headers.tcp_timestamp = value.u32();
    walk.out.headers.tcp_timestamp_echo = value.u32();
}

void read_option(std::uint8_t kind, Cursor value, Walk& walk) {
    const std::size_t size = value.remaining();
    if (kind == 2 && size == 2) return walk.out.add(kSegmentSize, std::uint64_t{value.u16()});
    if (kind == 3 && size == 1) return walk.out.add(kWindowScale, std::uint64_t{value.u8()});
    if (kind == 4 && size == 0) return walk.out.add(kSackPermitted, std::uint64_t{1});
    if (kind == 5 && size % kBlockSize == 0) return read_blocks(value, walk);
    if (kind == 8 && size == 8) return read_timestamps(value, walk);
}

}  // namespace

void read_tcp_options(Cursor options, Walk& walk) {
    while (!options.empty()) {
        const std::uint8_t kind = options.u8();
        if (kind == kEndOfList) break;
        if (kind == kFill) continue;
        const std::size_t size = options.u8();
        if (!options.failed() && size < kHeadSize) options.fail();
        const Cursor value = options.sub(size < kHeadSize ? 0 : size - kHeadSize);
        if (!options.failed()) read_option(kind, value, walk);
    }
    walk.check(options);
}

}  // namespace packetsentry::dissect
