// What makes packets belong to one flow: two ends and an IP protocol, in whichever direction a packet goes.
#pragma once

#include <cstdint>
#include <cstring>

#include "daemon/base/address.h"

namespace packetsentry::flows {

// An end of a flow. TCP, UDP and SCTP have ports. For ICMP, the number in place of the port is a type of
// message (icmp_counterpart.h). Other protocols have 0.
struct FlowEnd {
    base::Address address = {};
    std::uint16_t port = 0;

    bool operator==(const FlowEnd& other) const = default;
};

// Tells whether an end of the protocol has a port, or what stands in its place.
[[nodiscard]] bool has_ports(std::uint8_t ip_protocol);

// The direction of a packet, as it was on the wire.
struct FlowTuple {
    FlowEnd source = {};
    FlowEnd destination = {};
    std::uint8_t ip_protocol = 0;
    // No message of this kind is answered by a message in the other direction, so that each direction is a
    // flow.
    bool one_way = false;
};

// The tuple without its direction: packets of both directions have equal keys. 40 bytes without holes, which
// are hashed and compared as they are.
class FlowKey {
  public:
    FlowKey() = default;
    explicit FlowKey(const FlowTuple& tuple);

    [[nodiscard]] FlowEnd low() const;
    [[nodiscard]] FlowEnd high() const;
    [[nodiscard]] std::uint8_t ip_protocol() const { return parts_.ip_protocol; }
    [[nodiscard]] bool one_way() const { return parts_.one_way != 0; }

    // seed: secret, so that nobody can choose packets whose keys have one hash.
    [[nodiscard]] std::uint64_t hash(std::uint64_t seed) const;
    bool operator==(const FlowKey& other) const {
        return std::memcmp(&parts_, &other.parts_, sizeof parts_) == 0;
    }

  private:
    struct Parts {
        std::uint8_t low_address[16] = {};
        std::uint8_t high_address[16] = {};
        std::uint16_t low_port = 0;
        std::uint16_t high_port = 0;
        std::uint8_t address_bytes = 0;
        std::uint8_t ip_protocol = 0;
        std::uint8_t one_way = 0;
        std::uint8_t unused = 0;
    };
    Parts parts_;
};
static_assert(sizeof(FlowKey) == 40);

// The lower end first: the one whose address, or then port, is the smaller number.
[[nodiscard]] bool is_lower(const FlowEnd& one, const FlowEnd& other);

}  // namespace packetsentry::flows
