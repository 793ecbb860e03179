// Ends of flows for tests.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string_view>

#include "daemon/base/address.h"
#include "proto/flows/flow_key.h"

namespace packetsentry::flows {

inline FlowEnd end(std::string_view address, std::uint16_t port) {
    return {base::parse_ip(address).value(), port};
}

inline FlowTuple tuple(std::uint8_t protocol, const FlowEnd& from, const FlowEnd& to) {
    return {.source = from, .destination = to, .ip_protocol = protocol};
}

inline const FlowEnd kClient = end("192.0.2.1", 40000);
inline const FlowEnd kServer = end("198.51.100.7", 4000);

}  // namespace packetsentry::flows
