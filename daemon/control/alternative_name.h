// Alternative names of interfaces ("ip link property add dev eth0 altname enp3s0") have up to 127 bytes. Some
// calls of the kernel accept them in place of the name, and others do not.
#pragma once

#include <string>

#include "proto/messages/capture.pb.h"

namespace packetsentry::control {

// Asks the kernel for the interface that has this name or this alternative name, and returns its name.
// Returns the same text if there is no such interface.
[[nodiscard]] std::string own_name_of(const std::string& name);

// Replaces each alternative name in the capture by the interface's own name, because the policy, the user and
// the stored job all use that one.
void use_own_names(wire::CaptureSpec& capture);

}  // namespace packetsentry::control
