#include "daemon/flows/community_id.h"

#include <nettle/base64.h>
#include <nettle/sha1.h>

#include <netinet/in.h>

namespace packetsentry::flows {
namespace {

bool has_ports(std::uint8_t ip_protocol) {
    switch (ip_protocol) {
        case IPPROTO_ICMP:
        case IPPROTO_TCP:
        case IPPROTO_UDP:
        case IPPROTO_ICMPV6:
        case IPPROTO_SCTP:
            return true;
        default:
            return false;
    }
}

void update(sha1_ctx& hash, const base::Address& address) {
    sha1_update(&hash, address.size, reinterpret_cast<const std::uint8_t*>(address.bytes.data()));
}

void update(sha1_ctx& hash, std::uint16_t port) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(port >> 8), static_cast<std::uint8_t>(port)};
    sha1_update(&hash, sizeof bytes, bytes);
}

}  // namespace

CommunityHash community_hash(const FlowTuple& tuple) {
    const bool turned = !tuple.one_way && is_lower(tuple.destination, tuple.source);
    const FlowEnd& low = turned ? tuple.destination : tuple.source;
    const FlowEnd& high = turned ? tuple.source : tuple.destination;
    sha1_ctx hash;
    sha1_init(&hash);
    update(hash, std::uint16_t{0});
    update(hash, low.address);
    update(hash, high.address);
    const std::uint8_t protocol[] = {tuple.ip_protocol, 0};
    sha1_update(&hash, sizeof protocol, protocol);
    if (has_ports(tuple.ip_protocol)) {
        update(hash, low.port);
        update(hash, high.port);
    }
    CommunityHash digest{};
    sha1_digest(&hash, digest.size(), digest.data());
    return digest;
}

std::string community_id(const CommunityHash& hash) {
    std::string text(BASE64_ENCODE_RAW_LENGTH(hash.size()), '\0');
    base64_encode_raw(text.data(), hash.size(), hash.data());
    return "1:" + text;
}

}  // namespace packetsentry::flows
