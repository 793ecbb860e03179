#include "daemon/dissect/radiotap.h"

#include "daemon/dissect/ieee80211.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kRadiotap{.word = "802.11"};

constexpr std::uint32_t kTimePresent = 1U << 0;  // 8 bytes, aligned to 8
constexpr std::uint32_t kFlagsPresent = 1U << 1;
constexpr std::uint32_t kMorePresent = 1U << 31;

constexpr std::uint8_t kChecksumAtEnd = 0x10;
constexpr std::uint8_t kPadded = 0x20;

constexpr std::size_t kFixedSize = 4;  // before the first present word
constexpr std::size_t kChecksumSize = 4;

std::uint32_t u32_little(Cursor& bytes) {
    return __builtin_bswap32(bytes.u32());
}

// fields: from the first present word on, within the header.
std::uint8_t read_flags(Cursor fields) {
    const std::uint32_t first = u32_little(fields);
    for (std::uint32_t present = first; (present & kMorePresent) != 0 && !fields.failed();)
        present = u32_little(fields);
    if ((first & kFlagsPresent) == 0) return 0;
    if ((first & kTimePresent) != 0) {
        const std::size_t over = (fields.position() + kFixedSize) % 8;
        fields.skip(over == 0 ? 8 : 16 - over);
    }
    return fields.u8();
}

// The frame's own checksum is no part of what it carries.
void drop_checksum(Cursor& bytes, Walk& walk) {
    const std::size_t size = bytes.remaining_on_wire();
    if (size >= kChecksumSize) walk.narrow(bytes, size - kChecksumSize);
}

}  // namespace

Layer dissect_radiotap(Cursor& bytes, Walk& walk) {
    walk.understood(kRadiotap);
    const std::uint8_t version = bytes.u8();
    bytes.skip(1);
    const std::uint16_t length = bytes.u16_little();
    if (!bytes.failed() && (version != 0 || length < kFixedSize + 4)) walk.out.malformed = true;
    const Cursor fields = bytes.sub(length < kFixedSize ? 0 : length - kFixedSize);
    walk.check(bytes);
    if (bytes.failed() || walk.out.malformed) return {};
    walk.header_ends(bytes);
    const std::uint8_t flags = read_flags(fields);
    if ((flags & kChecksumAtEnd) != 0) drop_checksum(bytes, walk);
    return {(flags & kPadded) != 0 ? dissect_ieee80211_padded : dissect_ieee80211};
}

}  // namespace packetsentry::dissect
