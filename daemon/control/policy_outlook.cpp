#include "daemon/control/policy_outlook.h"

#include <string>
#include <vector>

#include "daemon/base/identity.h"
#include "daemon/base/names.h"
#include "daemon/log/log.h"

namespace packetsentry::control {
namespace {

constexpr std::size_t kMostMembers = 64;

std::vector<policy::Peer> members_of(gid_t group) {
    std::vector<policy::Peer> members;
    for (const std::string& name : base::listed_members(group, kMostMembers)) {
        const auto user = base::find_user(name);
        if (!user) continue;
        auto identity = base::find_identity(user->uid);
        if (!identity || !identity->known) continue;
        members.push_back(
            {.uid = user->uid, .gid = user->gid, .groups = std::move(identity->groups), .name = name});
    }
    return members;
}

}  // namespace

policy::Outlook outlook_of_members(const policy::Rules& rules) {
    return policy::outlook_of(rules, rules.group ? members_of(*rules.group) : std::vector<policy::Peer>());
}

void tell_policy(const policy::Policy& policy, const policy::Outlook& outlook) {
    for (const std::string& warning : policy::warnings_of(policy))
        log::tell(log::Event::trouble, {}, "policy: {}", warning);
    for (const std::string& rule : outlook.rules) log::tell(log::Event::reloaded, {}, "policy: {}", rule);
    for (const std::string& loss : outlook.losses) log::tell(log::Event::trouble, {}, "policy: {}", loss);
}

}  // namespace packetsentry::control
