#include "daemon/dissect/authentication.h"

#include "daemon/dissect/ip_protocol.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kAuthentication{.word = "AH"};

}  // namespace

Layer dissect_authentication(Cursor& bytes, Walk& walk) {
    const std::uint8_t next = bytes.u8();
    const std::size_t units = bytes.u8();
    bytes.skip((units + 2) * 4 - 2);
    walk.check(bytes);
    walk.header_ends(bytes);
    walk.understood(kAuthentication);
    if (bytes.failed()) return {};
    if (!walk.tunnelled()) walk.out.ip_protocol = next;
    return by_ip_protocol(next, walk);
}

}  // namespace packetsentry::dissect
