#include "daemon/dissect/vxlan_gpe.h"

#include "daemon/dissect/nsh.h"
#include "daemon/dissect/vxlan.h"

namespace packetsentry::dissect {
namespace {

constexpr std::array kVxlanGpeDetail{&kVxlanId, &kDetail};
constexpr Protocol kVxlanGpe{.word = "VXLAN-GPE", .detail = kVxlanGpeDetail};

constexpr std::size_t kVxlanGpeHeaderSize = 8;
constexpr std::uint8_t kNetworkIdThere = 0x08, kNextThere = 0x04, kVxlanGpeFlags = 0x0F;

}  // namespace

bool is_vxlan_gpe(const Cursor& bytes) {
    constexpr std::uint8_t kNeeded = kNetworkIdThere | kNextThere;
    const std::uint8_t flags = bytes.peek(0);
    return bytes.has(kVxlanGpeHeaderSize) && (flags & ~kVxlanGpeFlags) == 0 && (flags & kNeeded) == kNeeded &&
           bytes.peek(1) == 0 && bytes.peek(2) == 0 && bytes.peek(kVxlanGpeHeaderSize - 1) == 0;
}

Layer dissect_vxlan_gpe(Cursor& bytes, Walk& walk) {
    bytes.skip(3);
    const std::uint8_t next = bytes.u8();
    // Where nobody knows the number, too little proves that this is a header, and no text that somebody sent
    // to the port.
    if (!is_next_protocol(next)) walk.stop_keeping();
    const std::uint32_t network_id = bytes.u24();
    bytes.skip(1);
    walk.check(bytes);
    walk.understood(kVxlanGpe, LayerName::vxlan);
    if (bytes.failed()) return {};
    walk.header_ends(bytes);
    walk.out.add(kVxlanId, network_id);
    if (!walk.enter_tunnel("vxlan-gpe")) return {};
    return by_next_protocol(next, walk);
}

}  // namespace packetsentry::dissect
