#include "daemon/dissect/vlan.h"

#include "daemon/dissect/ethertype.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kVlan{.word = "VLAN", .detail = kDetailOnly};

constexpr std::uint16_t kServiceTag = 0x88A8;

}  // namespace

Layer dissect_vlan(Cursor& bytes, Walk& walk) {
    const std::uint16_t tag = bytes.u16();
    const std::uint16_t type = bytes.u16();
    walk.check(bytes);
    if (walk.networks() != 0 && !is_of_ethertype(type, bytes)) walk.stop_keeping();
    walk.header_ends(bytes);
    const bool is_service_tag = walk.out.layers.latest_ethertype() == kServiceTag;
    walk.understood(kVlan, is_service_tag ? LayerName::ieee8021ad : LayerName::vlan);
    if (bytes.failed()) return {};
    walk.enter_vlan(tag);
    return by_type_or_length(type, bytes, walk);
}

}  // namespace packetsentry::dissect
