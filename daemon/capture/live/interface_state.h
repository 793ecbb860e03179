// Whether a network interface is there and up.
#pragma once

#include <net/if.h>

#include <array>
#include <cstdint>

namespace packetsentry::capture {

enum class InterfaceState : std::uint8_t { up, down, gone };

// socket: any open socket, of whatever family; asking through the capture's own needs no rights and no
// further descriptor. index: the interface's, which a new name does not change.
[[nodiscard]] InterfaceState interface_state(int socket, std::uint32_t index);

// "" where there is none of that index.
using InterfaceName = std::array<char, IF_NAMESIZE>;
[[nodiscard]] InterfaceName interface_name(int socket, std::uint32_t index);

}  // namespace packetsentry::capture
