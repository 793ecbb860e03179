#include "daemon/dissect/token_ring.h"

#include "daemon/dissect/llc.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kTokenRing{.word = "Token ring", .detail = kDetailOnly};

constexpr std::byte kRouted{0x80};
constexpr std::size_t kRouteHeadSize = 2;
constexpr std::uint8_t kRouteSize = 0x1F;  // bits of the route's first byte: its length
constexpr unsigned kLlcFrame = 1;          // the first two bits of the frame control

void read_route(Cursor& bytes, Walk& walk) {
    const std::size_t size = bytes.u8() & kRouteSize;
    bytes.skip(1);
    if (size < kRouteHeadSize || size % 2 != 0) return bytes.fail();
    walk.note(Layout::Kind::identifier, bytes.take(size - kRouteHeadSize));
}

// Masking might flip the bit that tells of the route. So the first byte of the source stays, and what follows
// it is cleared.
void enter_routed_link(Mac source, Mac destination, Walk& walk) {
    walk.note(Layout::Kind::mac, destination);
    walk.note(Layout::Kind::identifier, source.subspan<1>());
    if (walk.networks() != 0 || walk.out.source_mac) return;
    walk.out.source_mac = base::Address::from(source);
    walk.out.source_mac.bytes[0] &= ~kRouted;
    walk.out.destination_mac = base::Address::from(destination);
}

}  // namespace

Layer dissect_token_ring(Cursor& bytes, Walk& walk) {
    const auto header = bytes.header<14>();
    walk.check(bytes);
    walk.understood(kTokenRing, LayerName::token_ring);
    if (bytes.failed()) return {};
    const auto source = header.take<8, 6>();
    if ((source[0] & kRouted) == std::byte{0}) {
        walk.enter_link(source, header.take<2, 6>());
    } else {
        enter_routed_link(source, header.take<2, 6>(), walk);
        read_route(bytes, walk);
    }
    walk.check(bytes);
    walk.header_ends(bytes);
    if (bytes.failed()) return {};
    if (header.u8<1>() >> 6 == kLlcFrame) return {dissect_llc};
    walk.detail("frame control ", Hex{header.u8<1>()});
    return {};
}

}  // namespace packetsentry::dissect
