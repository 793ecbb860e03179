#include "daemon/dissect/ethernet.h"

#include "daemon/dissect/ethertype.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kEthernet{.word = "Ethernet"};

}  // namespace

Layer dissect_ethernet(Cursor& bytes, Walk& walk) {
    const auto destination = bytes.take<6>();
    const auto source = bytes.take<6>();
    const std::uint16_t type = bytes.u16();
    walk.check(bytes);
    walk.understood(kEthernet);
    if (bytes.failed()) return {};
    walk.enter_link(source, destination);
    return by_type_or_length(type, bytes, walk);
}

}  // namespace packetsentry::dissect
