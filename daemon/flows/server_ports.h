// Ports that servers listen on. Where the beginning of a flow was not seen, they tell who serves.
#pragma once

#include <cstdint>

namespace packetsentry::flows {

[[nodiscard]] bool is_server_port(std::uint8_t ip_protocol, std::uint16_t port);

}  // namespace packetsentry::flows
