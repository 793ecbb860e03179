#include "daemon/dissect/ethernet.h"

#include "daemon/dissect/ethertype.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kEthernet{.word = "Ethernet"};

}  // namespace

Layer dissect_ethernet(Cursor& bytes, Walk& walk) {
    const auto header = bytes.header<14>();
    walk.check(bytes);
    walk.understood(kEthernet);
    if (bytes.failed()) return {};
    walk.enter_link(header.take<6, 6>(), header.take<0, 6>());
    walk.header_ends(bytes);
    return by_type_or_length(header.u16<12>(), bytes, walk);
}

}  // namespace packetsentry::dissect
