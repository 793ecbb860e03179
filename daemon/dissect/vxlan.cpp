#include "daemon/dissect/vxlan.h"

#include "daemon/dissect/ethernet.h"

namespace packetsentry::dissect {
namespace {

constexpr std::array kVxlanDetail{&kVxlanId};
constexpr Protocol kVxlan{.word = "VXLAN", .shows_ports = true, .detail = kVxlanDetail};

constexpr std::uint32_t kFlags = 0x08000000;  // I, and what is reserved around it
constexpr std::size_t kVxlanHeaderSize = 8;

}  // namespace

bool is_vxlan(const Cursor& bytes) {
    return bytes.has(kVxlanHeaderSize) && Cursor(bytes).u32() == kFlags &&
           bytes.peek(kVxlanHeaderSize - 1) == 0;
}

Layer dissect_vxlan(Cursor& bytes, Walk& walk) {
    bytes.skip(4);
    const std::uint32_t network_id = bytes.u24();
    bytes.skip(1);
    walk.check(bytes);
    walk.understood(kVxlan, LayerName::vxlan);
    if (bytes.failed()) return {};
    walk.header_ends(bytes);
    walk.out.add(kVxlanId, network_id);
    if (!walk.enter_tunnel("vxlan")) return {};
    return {dissect_ethernet};
}

}  // namespace packetsentry::dissect
