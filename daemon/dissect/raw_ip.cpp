#include "daemon/dissect/raw_ip.h"

#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kIp{.word = "IP", .detail = kDetailOnly};

}  // namespace

Layer dissect_raw_ip(Cursor& bytes, Walk& walk) {
    const unsigned version = bytes.peek() >> 4;
    if (walk.networks() == 0) walk.enter(LayerName::raw);
    if (version == 4) return {dissect_ipv4};
    if (version == 6) return {dissect_ipv6};
    walk.understood(kIp);
    if (bytes.empty()) bytes.skip(1);
    walk.check(bytes);
    if (bytes.failed()) return {};
    walk.out.malformed = true;
    walk.detail("version ", std::uint64_t{version});
    return {};
}

}  // namespace packetsentry::dissect
