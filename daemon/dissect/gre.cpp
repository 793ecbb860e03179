#include "daemon/dissect/gre.h"

#include "daemon/dissect/erspan.h"
#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/ethertype.h"
#include "daemon/dissect/nhrp.h"
#include "daemon/dissect/wccp.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kNetworkId = field("packetsentry.nvgre.id");
constexpr Protocol kGre{.word = "GRE", .detail = kDetailOnly};

constexpr std::uint16_t kChecksum = 0x8000;
constexpr std::uint16_t kRouting = 0x4000;
constexpr std::uint16_t kKey = 0x2000;
constexpr std::uint16_t kSequence = 0x1000;
constexpr std::uint16_t kAcknowledgement = 0x0080;  // version 1
constexpr std::uint16_t kGreVersion = 0x0007;

// These bits must be zero: RFC 2784 section 2.1 and 2.3, RFC 2637 section 4.1.
constexpr std::uint16_t kZero = static_cast<std::uint16_t>(~(kChecksum | kKey | kSequence));
constexpr std::uint16_t kZeroInVersion1 =
    static_cast<std::uint16_t>(~(kKey | kSequence | kAcknowledgement | kGreVersion));

constexpr std::uint16_t kTypePpp = 0x880B;
constexpr std::uint16_t kTypeErspan = 0x88BE;
constexpr std::uint16_t kTypeEthernet = 0x6558;

// What is carried under numbers that mean nothing in an Ethernet frame.
struct Payload {
    std::uint16_t type;
    LayerDissector dissect;
};
constexpr std::array kPayloads{
    Payload{0x22EB, dissect_erspan_type3},
    Payload{0x883E, dissect_wccp},
    Payload{0x2001, dissect_nhrp},
};

void skip_optional(Cursor& bytes, std::uint16_t flags, Walk& walk) {
    if ((flags & kChecksum) != 0) {
        walk.note(Layout::Kind::checksum, bytes.take(2));
        walk.note(Layout::Kind::opaque, bytes.take(2));  // reserved
    }
    if ((flags & kKey) != 0) bytes.skip(4);
    if ((flags & kSequence) != 0) bytes.skip(4);
    if ((flags & kGreVersion) == 1 && (flags & kAcknowledgement) != 0) bytes.skip(4);
}

// RFC 2784 section 2.1: deprecated source routes, and versions nobody has defined, are not followed.
bool followed(std::uint16_t flags) {
    return (flags & kRouting) == 0 && (flags & kGreVersion) <= 1;
}

bool may_be_kept(std::uint16_t flags, std::uint16_t type) {
    if ((flags & kGreVersion) == 0) return (flags & kZero) == 0;
    return (flags & kGreVersion) == 1 && (flags & kZeroInVersion1) == 0 && (flags & kKey) != 0 &&
           type == kTypePpp;
}

// RFC 7637 section 3.2: the key alone is there, and is the network of 24 bits with a number of the flow.
Layer enter_network(Cursor key, Walk& walk) {
    if (!walk.enter_tunnel("nvgre")) return {};
    walk.out.add(kNetworkId, key.u24());
    return {dissect_ethernet};
}

}  // namespace

Layer dissect_gre(Cursor& bytes, Walk& walk) {
    const std::uint16_t flags = bytes.u16();
    const std::uint16_t type = bytes.u16();
    walk.understood(kGre, LayerName::gre);
    if (!may_be_kept(flags, type)) walk.stop_keeping();
    walk.header_ends(bytes);
    if (!followed(flags)) {
        walk.detail("version ", std::uint64_t{flags & 7U}, " type ", Hex{type});
        return {};
    }
    const Cursor key = bytes;  // where it is the only optional field
    skip_optional(bytes, flags, walk);
    walk.check(bytes);
    walk.header_ends(bytes);
    if (bytes.failed()) return {};
    if (type == kTypeErspan) return enter_erspan(bytes, (flags & kSequence) != 0, walk);
    if (bytes.empty()) {
        walk.detail("type ", Hex{type});
        return {};
    }
    for (const Payload& row : kPayloads)
        if (row.type == type) return {row.dissect};
    if (type == kTypeEthernet && flags == kKey) return enter_network(key, walk);
    if (!walk.enter_tunnel("gre")) return {};
    return by_ethertype(type, walk);
}

}  // namespace packetsentry::dissect
