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

// These bits must be zero: RFC 2784 section 2.1 and 2.3, RFC 2637 section 4.1.
constexpr std::uint16_t kZero = static_cast<std::uint16_t>(~(kChecksum | kKey | kSequence));
constexpr std::uint16_t kZeroInVersion1 =
    static_cast<std::uint16_t>(~(kKey | kSequence | kAcknowledgement | kVersion));

constexpr std::uint16_t kTypePpp = 0x880B;
constexpr std::uint16_t kTypeErspan = 0x88BE;
constexpr std::size_t kErspanSize = 8;
constexpr unsigned kErspanType2 = 1;
constexpr std::uint8_t kErspanTruncated = 0x04;

void skip_optional(Cursor& bytes, std::uint16_t flags, Walk& walk) {
    if ((flags & kChecksum) != 0) {
        walk.note(Layout::Kind::checksum, bytes.take(2));
        walk.note(Layout::Kind::opaque, bytes.take(2));  // reserved
    }
    if ((flags & kKey) != 0) bytes.skip(4);
    if ((flags & kSequence) != 0) bytes.skip(4);
    if ((flags & kVersion) == 1 && (flags & kAcknowledgement) != 0) bytes.skip(4);
}

// RFC 2784 section 2.1: deprecated source routes, and versions nobody has defined, are not followed.
bool followed(std::uint16_t flags) {
    return (flags & kRouting) == 0 && (flags & kVersion) <= 1;
}

bool may_be_kept(std::uint16_t flags, std::uint16_t type) {
    if ((flags & kVersion) == 0) return (flags & kZero) == 0;
    return (flags & kVersion) == 1 && (flags & kZeroInVersion1) == 0 && (flags & kKey) != 0 &&
           type == kTypePpp;
}

// The header has version, VLAN, class, encapsulation, truncation and session, then twelve reserved bits and
// the index of a port (draft-foschiano-erspan-03 section 4.2).
bool is_erspan_type2(const Cursor& bytes) {
    return bytes.has(kErspanSize) && bytes.peek(0) >> 4 == kErspanType2 && bytes.peek(4) == 0 &&
           bytes.peek(5) >> 4 == 0;
}

// Type I has no header of its own, and it is told from type II by having no sequence number. Type II also
// tells whether the switch has cut the frame that it mirrors.
Layer enter_erspan(Cursor& bytes, std::uint16_t flags, Walk& walk) {
    if ((flags & kSequence) != 0) {
        const bool type2 = is_erspan_type2(bytes);
        const bool truncated = (bytes.peek(2) & kErspanTruncated) != 0;
        if (!type2) walk.stop_keeping();
        bytes.skip(kErspanSize);
        if (type2 && truncated) bytes.mark_cut();
    }
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
    if (!may_be_kept(flags, type)) walk.stop_keeping();
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
