#include "daemon/dissect/radiotap.h"

#include <array>
#include <bit>

#include "daemon/dissect/ieee80211.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kRadiotap{.word = "802.11"};

constexpr std::uint32_t kTimePresent = 1U << 0;  // 8 bytes, aligned to 8
constexpr std::uint32_t kFlagsPresent = 1U << 1;
constexpr std::uint32_t kTypeLengthValues = 1U << 28;
constexpr std::uint32_t kRadiotapNext = 1U << 29;  // the next word has the same fields once more
constexpr std::uint32_t kVendorNext = 1U << 30;
constexpr std::uint32_t kMorePresent = 1U << 31;
constexpr std::size_t kPresentLimit = 16;

// How a field lies in the header; the table has a row a bit (https://www.radiotap.org/fields/defined).
struct FieldShape {
    std::uint8_t alignment;
    std::uint8_t size;
};
constexpr std::array<FieldShape, 28> kFields{{
    {8, 8}, {1, 1},  {1, 1},  {2, 4},  {2, 2},  {1, 1}, {1, 1}, {2, 2}, {2, 2}, {2, 2},
    {1, 1}, {1, 1},  {1, 1},  {1, 1},  {2, 2},  {2, 2}, {1, 1}, {1, 1}, {4, 8}, {1, 3},
    {4, 8}, {2, 12}, {8, 12}, {2, 12}, {2, 12}, {2, 6}, {1, 1}, {2, 4},
}};

constexpr std::uint8_t kChecksumAtEnd = 0x10;
constexpr std::uint8_t kPadded = 0x20;

constexpr std::size_t kRadiotapFixedSize = 4;  // before the first present word
constexpr std::size_t kChecksumSize = 4;

// fields: from the first present word on, within the header.
std::uint8_t read_flags(Cursor fields) {
    const std::uint32_t first = fields.u32_little();
    for (std::uint32_t present = first; (present & kMorePresent) != 0 && !fields.failed();)
        present = fields.u32_little();
    if ((first & kFlagsPresent) == 0) return 0;
    if ((first & kTimePresent) != 0) {
        const std::size_t over = (fields.position() + kRadiotapFixedSize) % 8;
        fields.skip(over == 0 ? 8 : 16 - over);
    }
    return fields.u8();
}

void skip_fields(Cursor& fields, std::uint32_t present) {
    for (std::uint32_t bits = present & ((1U << kFields.size()) - 1); bits != 0; bits &= bits - 1) {
        const FieldShape shape = kFields[static_cast<std::size_t>(std::countr_zero(bits))];
        const std::size_t over = (fields.position() + kRadiotapFixedSize) % shape.alignment;
        fields.skip((over == 0 ? 0 : shape.alignment - over) + shape.size);
    }
}

// The header is as long as it says. Whatever lies in it behind the fields that are defined may be anything,
// as may the fields of a vendor. Where the fields do not fit into it, it is no such header.
void note_fields(Cursor fields, Walk& walk) {
    std::array<std::uint32_t, kPresentLimit> present{};
    std::size_t words = 0;
    do present[words] = fields.u32_little();
    while ((present[words++] & kMorePresent) != 0 && words < kPresentLimit);
    for (std::size_t i = 0; i < words; ++i) {
        skip_fields(fields, present[i]);
        if ((present[i] & (kTypeLengthValues | kVendorNext)) != 0) break;
        if ((present[i] & kRadiotapNext) == 0) break;
    }
    if (fields.failed()) walk.stop_keeping();
    walk.note(Layout::Kind::opaque, fields.left());
}

// The frame's own checksum is no part of what it carries.
void drop_checksum(Cursor& bytes, Walk& walk) {
    const std::size_t size = bytes.remaining_on_wire();
    if (size >= kChecksumSize) walk.narrow(bytes, size - kChecksumSize);
}

}  // namespace

Layer dissect_radiotap(Cursor& bytes, Walk& walk) {
    walk.understood(kRadiotap, LayerName::radiotap);
    const std::uint8_t version = bytes.u8();
    bytes.skip(1);
    const std::uint16_t length = bytes.u16_little();
    if (!bytes.failed() && (version != 0 || length < kRadiotapFixedSize + 4)) walk.out.malformed = true;
    const Cursor fields = bytes.sub(length < kRadiotapFixedSize ? 0 : length - kRadiotapFixedSize);
    walk.check(bytes);
    if (bytes.failed() || walk.out.malformed) return {};
    note_fields(fields, walk);
    walk.header_ends(bytes);
    const std::uint8_t flags = read_flags(fields);
    if ((flags & kChecksumAtEnd) != 0) drop_checksum(bytes, walk);
    walk.enter(LayerName::wlan_radio);
    return {(flags & kPadded) != 0 ? dissect_ieee80211_padded : dissect_ieee80211};
}

}  // namespace packetsentry::dissect
