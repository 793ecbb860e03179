#include "daemon/dissect/gre.h"

#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/ethertype.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kGre{.word = "GRE", .detail = kDetailOnly};

constexpr std::uint16_t kChecksum = 0x8000;
constexpr std::uint16_t kRouting = 0x4000;
constexpr std::uint16_t kKey = 0x2000;
constexpr std::uint16_t kSequence = 0x1000;
constexpr std::uint16_t kAcknowledgement = 0x0080;  // version 1
constexpr std::uint16_t kVersion = 0x0007;

constexpr std::uint16_t kTypeErspan = 0x88BE;
constexpr std::size_t kErspanSize = 8;

void skip_optional(Cursor& bytes, std::uint16_t flags, Walk& walk) {
    if ((flags & kChecksum) != 0) walk.note(Layout::Kind::checksum, bytes.take(4));
    if ((flags & kKey) != 0) bytes.skip(4);
    if ((flags & kSequence) != 0) bytes.skip(4);
    if ((flags & kVersion) == 1 && (flags & kAcknowledgement) != 0) bytes.skip(4);
}

// RFC 2784 section 2.1: deprecated source routes, and versions nobody has defined, are not followed.
bool followed(std::uint16_t flags) {
    return (flags & kRouting) == 0 && (flags & kVersion) <= 1;
}

// Type I has no header of its own, and no sequence number tells it from type II.
Layer enter_erspan(Cursor& bytes, std::uint16_t flags, Walk& walk) {
    if ((flags & kSequence) != 0) bytes.skip(kErspanSize);
    walk.check(bytes);
    walk.header_ends(bytes);
    if (!walk.enter_tunnel("erspan")) return {};
    return {dissect_ethernet};
}

}  // namespace

Layer dissect_gre(Cursor& bytes, Walk& walk) {
    const std::uint16_t flags = bytes.u16();
    const std::uint16_t type = bytes.u16();
    walk.understood(kGre);
    walk.header_ends(bytes);
    if (!followed(flags)) {
        walk.detail("version ", std::uint64_t{flags & 7U}, " type ", Hex{type});
        return {};
    }
    skip_optional(bytes, flags, walk);
    walk.check(bytes);
    walk.header_ends(bytes);
    if (bytes.failed()) return {};
    if (type == kTypeErspan) return enter_erspan(bytes, flags, walk);
    if (bytes.empty()) {
        walk.detail("type ", Hex{type});
        return {};
    }
    if (!walk.enter_tunnel("gre")) return {};
    return by_ethertype(type, walk);
}

}  // namespace packetsentry::dissect
