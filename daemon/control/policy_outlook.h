// What a policy means for the members of the socket's group, told where it is checked and where it comes into
// force.
#pragma once

#include "daemon/policy/outlook.h"

namespace packetsentry::control {

// Asks the user database who the members are, and may wait for it: not to be called on the loop. rules: with
// a policy.
[[nodiscard]] policy::Outlook outlook_of_members(const policy::Rules& rules);

// Into the log: names that nobody has and members who lose, as warnings.
void tell_policy(const policy::Policy& policy, const policy::Outlook& outlook);

}  // namespace packetsentry::control
