// Describes what a policy means for the members of the socket's group. This is printed when the policy is
// checked, and logged when it is taken into use.
#pragma once

#include "daemon/policy/outlook.h"

namespace packetsentry::control {

// Asks the user database who the members are, which may block, so it must not be called on the loop. rules
// must have a policy.
[[nodiscard]] policy::Outlook outlook_of_members(const policy::Rules& rules);

// Logs what the policy means. Names that no user or group has, and members who lose rights, are warnings.
void tell_policy(const policy::Policy& policy, const policy::Outlook& outlook);

}  // namespace packetsentry::control
