#include "daemon/capture/filter/wanted_packets.h"

#include <algorithm>
#include <array>
#include <span>

#include "daemon/capture/filter/ip_protocols.h"

namespace packetsentry::capture {
namespace {

using base::PacketFilter;
using base::PacketKind;
using Network = PacketKind::Network;

constexpr std::array kWithPorts{kTcp, kUdp, kSctp};

bool is_of(const PacketKind& kind, Network network) {
    return kind.network == Network::any || kind.network == network;
}

// Which networks have addresses of this size.
bool has_addresses_of(Network network, std::uint8_t size) {
    return network == Network::ipv6 ? size == 16 : size == 4;
}

}  // namespace

bool wants(const PacketFilter& filter, Network network) {
    if (filter.address && !has_addresses_of(network, filter.address->address.size)) return false;
    if (network == Network::arp && filter.port != 0) return false;
    const auto fits = [&](const PacketKind& kind) {
        return is_of(kind, network) && (network != Network::arp || (kind.ip_protocol == 0 && kind.port == 0));
    };
    return filter.kinds.empty() || std::ranges::any_of(filter.kinds, fits);
}

bool wants_all_of(const PacketFilter& filter, Network network) {
    if (filter.port != 0) return false;
    return filter.kinds.empty() || std::ranges::any_of(filter.kinds, [&](const PacketKind& kind) {
               return is_of(kind, network) && kind.ip_protocol == 0 && kind.port == 0;
           });
}

Transports wanted_transports(const PacketFilter& filter, Network network) {
    constexpr std::array kAnything{PacketKind{}};
    const std::span<const PacketKind> kinds =
        filter.kinds.empty() ? std::span<const PacketKind>(kAnything) : filter.kinds;
    Transports transports;
    const auto add = [&](std::uint8_t protocol, std::uint16_t port) {
        const auto [found, is_new] = transports.try_emplace(protocol);
        // One kind without a port takes all that others name.
        if (port == 0)
            found->second.clear();
        else if (is_new || !found->second.empty())
            found->second.insert(port);
    };
    for (const PacketKind& kind : kinds) {
        if (!is_of(kind, network)) continue;
        if (kind.ip_protocol != 0) add(kind.ip_protocol, kind.port);
        if (kind.ip_protocol == 0)
            for (const std::uint8_t protocol : kWithPorts) add(protocol, kind.port);
    }
    const auto lacks_ports = [](const auto& row) {
        return std::ranges::find(kWithPorts, row.first) == kWithPorts.end();
    };
    if (filter.port != 0) std::erase_if(transports, lacks_ports);
    return transports;
}

}  // namespace packetsentry::capture
