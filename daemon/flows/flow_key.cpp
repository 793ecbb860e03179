#include "daemon/flows/flow_key.h"

#include <xxhash.h>

#include <cstring>
#include <span>

namespace packetsentry::flows {

bool is_lower(const FlowEnd& one, const FlowEnd& other) {
    const int order =
        std::memcmp(one.address.bytes.data(), other.address.bytes.data(), sizeof one.address.bytes);
    return order != 0 ? order < 0 : one.port < other.port;
}

FlowKey::FlowKey(const FlowTuple& tuple)
    : address_bytes_(tuple.source.address.size),
      ip_protocol_(tuple.ip_protocol),
      one_way_(tuple.one_way ? 1 : 0) {
    const bool turned = !tuple.one_way && is_lower(tuple.destination, tuple.source);
    const FlowEnd& low = turned ? tuple.destination : tuple.source;
    const FlowEnd& high = turned ? tuple.source : tuple.destination;
    std::memcpy(low_address_, low.address.bytes.data(), sizeof low_address_);
    std::memcpy(high_address_, high.address.bytes.data(), sizeof high_address_);
    low_port_ = low.port;
    high_port_ = high.port;
}

FlowEnd FlowKey::low() const {
    return {base::Address::from(std::as_bytes(std::span(low_address_, address_bytes_))), low_port_};
}

FlowEnd FlowKey::high() const {
    return {base::Address::from(std::as_bytes(std::span(high_address_, address_bytes_))), high_port_};
}

std::uint64_t FlowKey::hash(std::uint64_t seed) const {
    return XXH3_64bits_withSeed(this, sizeof *this, seed);
}

bool FlowKey::operator==(const FlowKey& other) const {
    return std::memcmp(this, &other, sizeof *this) == 0;
}

}  // namespace packetsentry::flows
