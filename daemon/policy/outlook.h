// Describes a policy for people: who may do what, and who loses rights that they have without a policy.
#pragma once

#include <string>
#include <vector>

#include "daemon/policy/decide.h"

namespace packetsentry::policy {

struct Outlook {
    std::vector<std::string> rules;   // one sentence for each rule
    std::vector<std::string> losses;  // about members without a rule; empty: each member has a rule
};

// rules must have a policy. members: the known members of the socket's group, each with a name; there may be
// more.
[[nodiscard]] Outlook outlook_of(const Rules& rules, const std::vector<Peer>& members);

}  // namespace packetsentry::policy
