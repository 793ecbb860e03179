// A network layer that a tunnel carries, with the transport directly in it. The outermost is not one of
// these: its numbers are the Dissection's own.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/base/address.h"

namespace packetsentry::dissect {

enum class Network : std::uint8_t { none, ipv4, ipv6, arp };  // as wire::Network

struct InnerNetwork {
    base::Address source = {};  // none where the header is broken
    base::Address destination = {};
    std::uint16_t source_port = 0;  // with has_ports only
    std::uint16_t destination_port = 0;
    // The lengths on the wire, with and without the IP headers, as those say it.
    std::uint32_t ip_bytes = 0;
    std::uint32_t ip_payload_bytes = 0;
    std::uint32_t fragment_id = 0;
    std::uint16_t fragment = 0;    // as HeaderFields has it
    std::uint16_t udp_length = 0;  // with the header
    Network network = Network::none;
    std::uint8_t ip_protocol = 0;
    bool has_ports = false;
    std::string_view carries = {};  // the type of the tunnel that is directly in it: "vxlan"; empty: none
};

}  // namespace packetsentry::dissect
