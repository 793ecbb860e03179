#include "proto/flows/flow_key.h"

#include <netinet/in.h>
#include <xxhash.h>

#include <cstring>
#include <span>

namespace packetsentry::flows {

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

bool is_lower(const FlowEnd& one, const FlowEnd& other) {
    const int order =
        std::memcmp(one.address.bytes.data(), other.address.bytes.data(), sizeof one.address.bytes);
    return order != 0 ? order < 0 : one.port < other.port;
}

FlowKey::FlowKey(const FlowTuple& tuple) {
    const bool turned = !tuple.one_way && is_lower(tuple.destination, tuple.source);
    const FlowEnd& low = turned ? tuple.destination : tuple.source;
    const FlowEnd& high = turned ? tuple.source : tuple.destination;
    std::memcpy(parts_.low_address, low.address.bytes.data(), sizeof parts_.low_address);
    std::memcpy(parts_.high_address, high.address.bytes.data(), sizeof parts_.high_address);
    parts_.low_port = low.port;
    parts_.high_port = high.port;
    parts_.address_bytes = tuple.source.address.size;
    parts_.ip_protocol = tuple.ip_protocol;
    parts_.one_way = tuple.one_way ? 1 : 0;
}

FlowEnd FlowKey::low() const {
    return {base::Address::from(std::as_bytes(std::span(parts_.low_address, parts_.address_bytes))),
            parts_.low_port};
}

FlowEnd FlowKey::high() const {
    return {base::Address::from(std::as_bytes(std::span(parts_.high_address, parts_.address_bytes))),
            parts_.high_port};
}

std::uint64_t FlowKey::hash(std::uint64_t seed) const {
    return XXH3_64bits_withSeed(&parts_, sizeof parts_, seed);
}

}  // namespace packetsentry::flows
