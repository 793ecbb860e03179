#include "daemon/dissect/ethernet.h"

#include "daemon/dissect/ethertype.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kEthernet{.word = "Ethernet", .detail = kDetailOnly};

constexpr std::byte kGroup{0x01};  // the bit in the first byte of an address, IEEE 802 clause 8.2

}  // namespace

bool is_ethernet(const Cursor& bytes) {
    Cursor inside = bytes;
    const auto header = inside.header<14>();
    if (inside.failed() || (header.take<6, 6>()[0] & kGroup) != std::byte{0}) return false;
    return is_of_ethertype(header.u16<12>(), inside);
}

bool may_be_ethernet(const Cursor& bytes) {
    Cursor inside = bytes;
    const std::uint16_t type = inside.header<14>().u16<12>();
    return !inside.failed() && (is_known_ethertype(type) || type == inside.remaining_on_wire());
}

// Inside of a tunnel a few bytes announce this header, and those of VXLAN go to a port that anybody may use.
// That is not enough to keep whatever follows as somebody's header.
Layer dissect_ethernet(Cursor& bytes, Walk& walk) {
    if (walk.networks() != 0 && !is_ethernet(bytes)) walk.stop_keeping();
    const auto header = bytes.header<14>();
    walk.check(bytes);
    walk.understood(kEthernet);
    // The service header of a provider backbone has the inner addresses within.
    if (walk.out.layers.latest() != LayerName::ieee8021ah) walk.enter(LayerName::eth);
    if (bytes.failed()) return {};
    walk.enter_link(header.take<6, 6>(), header.take<0, 6>());
    walk.header_ends(bytes);
    return by_type_or_length(header.u16<12>(), bytes, walk);
}

}  // namespace packetsentry::dissect
