#include "daemon/dissect/loopback.h"

#include <bit>

#include "daemon/dissect/ethertype.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kLoopback{.word = "Loopback", .detail = kDetailOnly};

Layer by_family(std::uint32_t family, Walk& walk) {
    switch (family) {
        case 2:
            return {dissect_ipv4};
        case 10:  // Linux
        case 23:  // Windows
        case 24:  // NetBSD, OpenBSD
        case 28:  // FreeBSD
        case 30:  // Darwin
            return {dissect_ipv6};
        default:
            walk.detail("address family ", std::uint64_t{family});
            return {};
    }
}

Layer enter(std::uint32_t family, Cursor& bytes, Walk& walk) {
    walk.check(bytes);
    walk.understood(kLoopback);
    if (bytes.failed()) return {};
    return by_family(family, walk);
}

// Some adapters put an EtherType into the last two bytes, behind a link header that is no family.
bool is_ethertype(std::uint32_t family) {
    return family >> 16 != 0 && (family & 0xFFFF) >= 0x0600;
}

}  // namespace

Layer dissect_null(Cursor& bytes, Walk& walk) {
    const std::uint32_t family = bytes.u32();
    walk.header_ends(bytes);
    walk.understood(kLoopback, LayerName::null);
    if (is_ethertype(family)) return by_ethertype(static_cast<std::uint16_t>(family), walk);
    // Families are small numbers: a large one is the other byte order.
    return enter(family > 0xFFFF ? std::byteswap(family) : family, bytes, walk);
}

Layer dissect_loop(Cursor& bytes, Walk& walk) {
    const std::uint32_t family = bytes.u32();
    walk.header_ends(bytes);
    walk.enter(LayerName::null);
    return enter(family, bytes, walk);
}

}  // namespace packetsentry::dissect
