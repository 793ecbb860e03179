// Checks the access to the daemon: the user's group, and the socket.
#pragma once

#include "ctl/doctor/facts.h"
#include "ctl/doctor/finding.h"

namespace packetsentry::ctl::doctor {

[[nodiscard]] Finding check_group(const Facts& facts);
[[nodiscard]] Finding check_socket(const Facts& facts);

// Where facts.configuration tells of a mistake.
[[nodiscard]] Finding cannot_start(const Facts& facts);

}  // namespace packetsentry::ctl::doctor
