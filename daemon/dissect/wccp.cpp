#include "daemon/dissect/wccp.h"

#include "daemon/dissect/ipv4.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kWccp{.word = "WCCP", .detail = kDetailOnly};

constexpr std::size_t kRedirectSize = 4;
constexpr unsigned kIpv4 = 4;

}  // namespace

Layer dissect_wccp(Cursor& bytes, Walk& walk) {
    walk.understood(kWccp);
    if (bytes.peek() >> 4 != kIpv4) bytes.skip(kRedirectSize);
    walk.check(bytes);
    const bool is_packet = is_ipv4(bytes);
    if (!is_packet) walk.stop_keeping();
    walk.header_ends(bytes);
    if (bytes.failed() || (!is_packet && bytes.peek() >> 4 != kIpv4)) return {};
    if (!walk.enter_tunnel("wccp")) return {};
    return {dissect_ipv4};
}

}  // namespace packetsentry::dissect
