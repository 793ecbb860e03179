#include "daemon/worker/own_options.h"

#include <algorithm>
#include <array>

namespace packetsentry::worker {
namespace {

using base::AddressPrefix;
using base::PacketKind;
using dissect::Dissection;
using dissect::Network;

// IANA protocol numbers. Where the dissector could read no further, the number that it tells is that of a
// header before the transport (RFC 8200 section 4), or 0.
constexpr std::array<std::uint8_t, 5> kBeforeTransport{0, 43, 44, 51, 60};
constexpr std::array<std::uint8_t, 3> kWithPorts{6, 17, 132};

template <typename Numbers>
bool is_one_of(const Numbers& numbers, std::uint8_t number) {
    return std::ranges::find(numbers, number) != numbers.end();
}

// ARP for other networks than IPv4, or broken, has no addresses that the dissector could tell.
bool is_arp(const Dissection& packet) {
    return packet.network == Network::arp ||
           (packet.network == Network::none && packet.protocol->word == "ARP");
}

bool is_of_network(const Dissection& packet, PacketKind::Network network) {
    switch (network) {
        case PacketKind::Network::ipv4:
            return packet.network == Network::ipv4;
        case PacketKind::Network::ipv6:
            return packet.network == Network::ipv6;
        case PacketKind::Network::arp:
            return is_arp(packet);
        case PacketKind::Network::any:
            break;
    }
    return packet.network == Network::ipv4 || packet.network == Network::ipv6;
}

bool fits_network(const Dissection& packet, PacketKind::Network network, Unknown unknown) {
    return is_of_network(packet, network) ||
           (unknown == Unknown::passes && packet.network == Network::none && !is_arp(packet));
}

bool fits_protocol(const Dissection& packet, std::uint8_t number, Unknown unknown) {
    return number == 0 || packet.ip_protocol == number ||
           (unknown == Unknown::passes && is_one_of(kBeforeTransport, packet.ip_protocol));
}

bool fits_port(const Dissection& packet, std::uint16_t port, Unknown unknown) {
    if (port == 0) return true;
    if (packet.has_ports) return packet.source_port == port || packet.destination_port == port;
    return unknown == Unknown::passes &&
           (is_one_of(kWithPorts, packet.ip_protocol) || is_one_of(kBeforeTransport, packet.ip_protocol));
}

bool fits_address(const Dissection& packet, const AddressPrefix& prefix, Unknown unknown) {
    return is_in(packet.source, prefix) || is_in(packet.destination, prefix) ||
           (unknown == Unknown::passes && !packet.source);
}

}  // namespace

bool passes(const base::PacketFilter& options, const Dissection& packet, Unknown unknown) {
    const auto fits = [&](const PacketKind& kind) {
        return fits_network(packet, kind.network, unknown) &&
               fits_protocol(packet, kind.ip_protocol, unknown) && fits_port(packet, kind.port, unknown);
    };
    return (options.kinds.empty() || std::ranges::any_of(options.kinds, fits)) &&
           (!options.address || fits_address(packet, *options.address, unknown)) &&
           fits_port(packet, options.port, unknown);
}

}  // namespace packetsentry::worker
