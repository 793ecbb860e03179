// Tells whether the user is in the group that may use the socket.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "ctl/client/socket_group.h"

namespace packetsentry::ctl {

struct Membership {
    uid_t uid = 0;
    std::string user = {};                  // its number where it has no name
    std::optional<SocketGroup> group = {};  // none: the socket is root's alone
    bool in_database = false;               // as the machine knows it: from the next login on
    bool in_effect = false;                 // as the kernel knows it: of this process

    // The user was added to the group after this session began.
    [[nodiscard]] bool session_is_older() const { return in_database && !in_effect; }
};

// Tells whether this process belongs to the group of that socket.
[[nodiscard]] Membership find_membership(const std::string& socket_path);

}  // namespace packetsentry::ctl
