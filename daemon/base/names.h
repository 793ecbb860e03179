// Names of users and groups, as the system knows them.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace packetsentry::base {

struct User {
    uid_t uid = 0;
    gid_t gid = 0;
    std::string name;
};

// None: there is no such user. May ask a name service, and wait for it.
[[nodiscard]] std::optional<User> find_user(const std::string& name);
// A name, or a number, of which the system need not know: who is given that number by setgroups() is in the
// group. A group whose name is a number comes first. None: there is no such group. May wait like find_user().
[[nodiscard]] std::optional<gid_t> group_id(const std::string& name);

}  // namespace packetsentry::base
