#include "daemon/dissect/port_tag.h"

#include "daemon/dissect/ethertype.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kEtag{.word = "E-Tag", .detail = kDetailOnly};
constexpr Protocol kVntag{.word = "VN-Tag", .detail = kDetailOnly};

constexpr std::uint16_t kEtagReserved = 0xC000;
constexpr std::uint16_t kVntagZero = 0x7000;  // a reserved bit and the version

Layer enter(bool is_right, Cursor& bytes, const Protocol& protocol, Walk& walk) {
    const std::uint16_t type = bytes.u16();
    walk.check(bytes);
    walk.understood(protocol);
    if (bytes.failed()) return {};
    if (!is_right || (walk.networks() != 0 && !is_of_ethertype(type, bytes))) walk.stop_keeping();
    walk.header_ends(bytes);
    return by_type_or_length(type, bytes, walk);
}

}  // namespace

Layer dissect_etag(Cursor& bytes, Walk& walk) {
    walk.enter(LayerName::etag);
    bytes.skip(2);
    const bool is_right = (bytes.u16() & kEtagReserved) == 0;
    bytes.skip(2);
    return enter(is_right, bytes, kEtag, walk);
}

Layer dissect_vntag(Cursor& bytes, Walk& walk) {
    walk.enter(LayerName::vntag);
    bytes.skip(2);
    const bool is_right = (bytes.u16() & kVntagZero) == 0;
    return enter(is_right, bytes, kVntag, walk);
}

}  // namespace packetsentry::dissect
