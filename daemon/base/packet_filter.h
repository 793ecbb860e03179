// Which packets the client's own options ask for: -f, --filter-ip and --filter-port.
//
// They mean what the dissector says of a packet: its outermost network layer, and the transport directly in
// that. What carries the network layer (tags, MPLS labels, PPPoE), and IPv6 extension headers before the
// transport, make no difference. A libpcap expression has its own meaning, and is no part of this.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/base/address.h"

namespace packetsentry::base {

// One alternative. What is 0 or any makes no difference.
struct PacketKind {
    enum class Network : std::uint8_t { any, ipv4, ipv6, arp };

    Network network = Network::any;
    std::uint8_t ip_protocol = 0;  // IANA number of the transport; 0 for arp
    std::uint16_t port = 0;        // of either end

    bool operator==(const PacketKind&) const = default;
};

struct AddressPrefix {
    Address address;  // IPv4 or IPv6; bits behind the prefix are zero
    int bits = 0;

    bool operator==(const AddressPrefix&) const = default;
};

// Tells whether an address begins as the prefix does. One of another size does not, and neither does none.
[[nodiscard]] bool is_in(const Address& address, const AddressPrefix& prefix);

// A packet must be of one of the kinds, where there are any, and have the address and the port, where they
// are set, at either end.
struct PacketFilter {
    std::vector<PacketKind> kinds = {};
    std::optional<AddressPrefix> address = {};
    std::uint16_t port = 0;

    [[nodiscard]] bool passes_all() const { return kinds.empty() && !address && port == 0; }
};

}  // namespace packetsentry::base
