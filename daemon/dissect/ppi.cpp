#include "daemon/dissect/ppi.h"

#include <bit>

#include "daemon/dissect/link_type_table.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kPpi{.word = "PPI", .detail = kDetailOnly};

constexpr std::size_t kPpiFixedSize = 8;
constexpr std::uint16_t kField80211 = 2;
constexpr std::uint8_t kChecksumAtEnd = 0x01;  // of the flags of that field
constexpr std::size_t kChecksumSize = 4;

// The field that most headers begin with tells whether the frame's own checksum follows the frame.
bool has_checksum(Cursor fields) {
    if (fields.u16_little() != kField80211) return false;
    fields.skip(2 + 8);  // the field's length, and a time
    return (fields.u16_little() & kChecksumAtEnd) != 0;
}

}  // namespace

Layer dissect_ppi(Cursor& bytes, Walk& walk) {
    const std::uint8_t version = bytes.u8();
    bytes.skip(1);
    const std::size_t length = bytes.u16_little();
    const std::uint32_t link_type = std::byteswap(bytes.u32());
    walk.understood(kPpi, LayerName::ppi);
    if (version != 0 || length < kPpiFixedSize) bytes.fail();
    const Cursor fields = bytes.failed() ? Cursor() : bytes.sub(length - kPpiFixedSize);
    walk.check(bytes);
    if (bytes.failed()) return {};
    walk.note(Layout::Kind::opaque, fields.left());
    walk.header_ends(bytes);
    const std::size_t size = bytes.remaining_on_wire();
    if (has_checksum(fields) && size >= kChecksumSize) walk.narrow(bytes, size - kChecksumSize);
    const LayerDissector link = find_link_type(link_type);
    if (link == nullptr) walk.detail("type ", std::uint64_t{link_type});
    return {link};
}

}  // namespace packetsentry::dissect
