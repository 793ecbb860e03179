// The interfaces on which packets can be captured, from the kernel's list. This needs no libpcap and no
// rights.
#pragma once

#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

// Returns the interfaces in the order of their indices, and the "any" device last. Error: internal.
[[nodiscard]] base::Result<wire::Interfaces> list_interfaces();

[[nodiscard]] std::vector<std::string> names_of(const wire::Interfaces& interfaces);

// Returns the name of a hardware type, as "Ethernet" for ARPHRD_ETHER, or "type 123" if it has no name here.
[[nodiscard]] std::string link_name(unsigned hardware_type);

}  // namespace packetsentry::control
