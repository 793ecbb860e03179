// What can be captured on, from the kernel's list: no libpcap, no rights.
#pragma once

#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

// By index, and the "any" device last.
[[nodiscard]] base::Result<wire::Interfaces> list_interfaces();

[[nodiscard]] std::vector<std::string> names_of(const wire::Interfaces& interfaces);

// "Ethernet" for ARPHRD_ETHER; "type 123" for one without a name here.
[[nodiscard]] std::string link_name(unsigned hardware_type);

}  // namespace packetsentry::control
