// Alternative names of interfaces ("ip link property add dev eth0 altname enp3s0"): up to 127 bytes, which
// the kernel takes for the name in some places and in others not.
#pragma once

#include <string>

#include "proto/messages/capture.pb.h"

namespace packetsentry::control {

// The name of the interface that is called so, or has this as one of its alternative names; the same text
// where there is no such interface. Asks the kernel.
[[nodiscard]] std::string own_name_of(const std::string& name);

// Puts its own name in the place of each interface's: what is judged by the policy, shown and stored is that.
void use_own_names(wire::CaptureSpec& capture);

}  // namespace packetsentry::control
