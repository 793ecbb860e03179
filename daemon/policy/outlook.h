// What a policy means for people: who is let in to do what, and who loses what they have without one.
#pragma once

#include <string>
#include <vector>

#include "daemon/policy/decide.h"

namespace packetsentry::policy {

struct Outlook {
    std::vector<std::string> rules;   // a sentence each
    std::vector<std::string> losses;  // members for whom no rule is; empty: a rule is for all of them
};

// rules: with a policy. members: those of the socket's group that are known, each with a name; there may be
// more.
[[nodiscard]] Outlook outlook_of(const Rules& rules, const std::vector<Peer>& members);

}  // namespace packetsentry::policy
