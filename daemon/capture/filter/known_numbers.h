// Numbers of the ports and IP protocols that people name in filters. libpcap would look them up in
// /etc/services and /etc/protocols, which nothing in the worker's sandbox can open.
//
// Names and numbers: IANA's registries of service names and port numbers, and of protocol numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace packetsentry::capture {

[[nodiscard]] std::optional<std::uint16_t> port_number(std::string_view name);
[[nodiscard]] std::optional<std::uint16_t> protocol_number(std::string_view name);

}  // namespace packetsentry::capture
