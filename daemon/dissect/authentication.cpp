#include "daemon/dissect/authentication.h"

#include "daemon/dissect/ip_protocol.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kAuthentication{.word = "AH", .detail = kDetailOnly};

// The longest check value of RFC 8221 section 5.3 has 32 bytes, and IPv6 pads the header to a multiple of 8.
constexpr std::size_t kLongestCheckValue = 36;

}  // namespace

void note_authentication(Cursor body, Walk& walk) {
    const std::uint16_t reserved = body.u16();
    body.skip(8);
    if (body.failed() || reserved != 0 || body.remaining() > kLongestCheckValue) walk.stop_keeping();
    walk.note(Layout::Kind::opaque, body.left());
}

Layer dissect_authentication(Cursor& bytes, Walk& walk) {
    const std::uint8_t next = bytes.u8();
    const std::size_t units = bytes.u8();
    note_authentication(bytes.sub((units + 2) * 4 - 2), walk);
    walk.check(bytes);
    walk.header_ends(bytes);
    walk.understood(kAuthentication, LayerName::ah);
    if (bytes.failed()) return {};
    walk.enter_ip_protocol(next);
    return by_ip_protocol(next, walk);
}

}  // namespace packetsentry::dissect
