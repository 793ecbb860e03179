// Who a user id is by the user database: passwd and group, and whatever else nsswitch.conf(5) names.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace packetsentry::base {

struct Identity {
    bool known = false;  // the database has an entry for the id; otherwise the rest is empty
    std::string name = {};
    std::vector<gid_t> groups = {};  // all that the user is a member of, the primary one first

    [[nodiscard]] bool operator==(const Identity&) const = default;
};

// May wait for a name service for as long as that likes: not to be called on a loop. Error (internal): the
// database did not answer, which says nothing of the user.
[[nodiscard]] Result<Identity> find_identity(uid_t user);

}  // namespace packetsentry::base
