#include "daemon/control/shared.h"

#include <algorithm>

namespace packetsentry::control {

policy::Peer Shared::complete(policy::Peer presented) const {
    if (unrestricted(presented.uid)) return presented;
    const base::Identity* const identity = users.known(presented.uid);
    if (identity == nullptr) {
        presented.standing = policy::Standing::unanswered;
        return presented;
    }
    presented.standing = identity->known ? policy::Standing::known : policy::Standing::unknown;
    for (const gid_t group : identity->groups)
        if (!policy::is_member(presented, group)) presented.groups.push_back(group);
    return presented;
}

uid_t Shared::payer(uid_t user) const {
    const base::Identity* const identity = users.known(user);
    const bool known = identity != nullptr && identity->known;
    return known || unrestricted(user) || policy::is_named(user, rules) ? user : kUnknownUsers;
}

}  // namespace packetsentry::control
