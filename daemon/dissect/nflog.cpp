#include "daemon/dissect/nflog.h"

#include <algorithm>

#include "daemon/dissect/ethertype.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kNflog{.word = "NFLOG", .detail = kDetailOnly};

// NFULA_* of linux/netfilter/nfnetlink_log.h.
constexpr std::uint16_t kPacketHeader = 1, kHardwareAddress = 8, kPayload = 9;
// Numbers of a fixed size; whatever else there is may be text of the user's, or somebody's header.
struct FixedSize {
    std::uint16_t type;
    std::uint8_t size;
};
constexpr std::array kNumbers{
    FixedSize{kPacketHeader, 4},
    FixedSize{2, 4},
    FixedSize{3, 16},
    FixedSize{4, 4},
    FixedSize{5, 4},
    FixedSize{6, 4},
    FixedSize{7, 4},
    FixedSize{11, 4},
    FixedSize{12, 4},
    FixedSize{13, 4},
    FixedSize{14, 4},
    FixedSize{15, 2},
    FixedSize{17, 2},
};

constexpr std::uint16_t kTypeBits = 0x7FFF;
constexpr std::size_t kAttributeHeadSize = 4;
constexpr int kAttributeLimit = 64;

constexpr std::uint8_t kFamilyIpv4 = 2, kFamilyIpv6 = 10;  // of Linux

struct Attribute {
    std::size_t size = 0;  // of the value
    std::uint16_t type = 0;
};

// A length is a small number, so the byte order in which it fits is the right one.
Attribute read_head(Cursor& bytes) {
    Cursor little = bytes;
    const bool is_little = bytes.fits(little.u16_little());
    const auto number = [&] { return is_little ? bytes.u16_little() : bytes.u16(); };
    const std::size_t length = number();
    const std::uint16_t type = number() & kTypeBits;
    if (length < kAttributeHeadSize) bytes.fail();
    return {bytes.failed() ? 0 : length - kAttributeHeadSize, type};
}

void note_hardware_address(Cursor value, Walk& walk) {
    const std::uint16_t size = value.u16();
    walk.note(Layout::Kind::opaque, value.take(2));
    if (size == 6) walk.enter_link(value.take<6>());
    walk.note(Layout::Kind::opaque, value.left());
}

void note_value(const Attribute& attribute, const Cursor& value, Walk& walk) {
    if (attribute.type == kHardwareAddress) return note_hardware_address(value, walk);
    const auto is_number = [&](const FixedSize& row) {
        return row.type == attribute.type && row.size == attribute.size;
    };
    if (!std::ranges::any_of(kNumbers, is_number)) walk.note(Layout::Kind::opaque, value.left());
}

Layer enter(std::uint8_t family, std::uint16_t ethertype, Walk& walk) {
    if (family == kFamilyIpv4) return {dissect_ipv4};
    if (family == kFamilyIpv6) return {dissect_ipv6};
    if (ethertype != 0) return by_ethertype(ethertype, walk);
    walk.detail("address family ", std::uint64_t{family});
    return {};
}

}  // namespace

Layer dissect_nflog(Cursor& bytes, Walk& walk) {
    const std::uint8_t family = bytes.u8();
    const std::uint8_t version = bytes.u8();
    bytes.skip(2);
    walk.understood(kNflog, LayerName::nflog);
    if (version != 0) bytes.fail();
    std::uint16_t ethertype = 0;
    for (int i = 0; i < kAttributeLimit && !bytes.failed() && !bytes.empty(); ++i) {
        const Attribute attribute = read_head(bytes);
        if (!bytes.failed() && attribute.type == kPayload) {
            walk.header_ends(bytes);
            walk.narrow(bytes, attribute.size);
            return enter(family, ethertype, walk);
        }
        Cursor value = bytes.sub(attribute.size);
        note_value(attribute, value, walk);
        if (attribute.type == kPacketHeader) ethertype = value.u16();
        const std::size_t padding = (4 - attribute.size % 4) % 4;
        walk.note(Layout::Kind::opaque, bytes.take(std::min(padding, bytes.remaining())));
    }
    walk.check(bytes);
    return {};
}

}  // namespace packetsentry::dissect
