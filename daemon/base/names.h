// Names of users and groups, as the system knows them.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"

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

// The same where it matters why there is none: that the user database says so, or (error, internal) that it
// could not be asked, which says nothing of the name.
[[nodiscard]] Result<std::optional<User>> look_up_user(const std::string& name);
[[nodiscard]] Result<std::optional<gid_t>> look_up_group(const std::string& name);

// Names of those whom the entry of the group lists, at most so many; those whose primary group it is need not
// be among them. May wait like find_user().
[[nodiscard]] std::vector<std::string> listed_members(gid_t group, std::size_t most);

}  // namespace packetsentry::base
