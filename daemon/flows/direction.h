// Which way a conversation goes, seen from the networks that one may call one's own.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/base/address.h"

namespace packetsentry::flows {

// An address that is never routed through the Internet: private (RFC 1918, RFC 4193), link-local, loopback,
// shared with a provider (RFC 6598), multicast, broadcast or unspecified.
[[nodiscard]] bool is_local(const base::Address& address);

// As network.direction of ECS says it: "internal", "outbound", "inbound" or "external".
[[nodiscard]] std::string_view direction_of(const base::Address& originator, const base::Address& responder);

}  // namespace packetsentry::flows
