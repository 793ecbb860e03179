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

// These tell why there is no such user or group: an empty optional means that the user database says so;
// error internal means that the database could not be asked, which says nothing about the name.
[[nodiscard]] Result<std::optional<User>> look_up_user(const std::string& name);
[[nodiscard]] Result<std::optional<gid_t>> look_up_group(const std::string& name);

// "alice", or the number where the system knows no name for it. May wait like find_user().
[[nodiscard]] std::string user_name(uid_t uid);
// "alice (uid 1000)", "uid 1000".
[[nodiscard]] std::string user_text(uid_t uid);

// Returns the names of the members that the group's entry lists, up to the number in most. Users whose
// primary group it is need not be among them. May wait like find_user().
[[nodiscard]] std::vector<std::string> listed_members(gid_t group, std::size_t most);

}  // namespace packetsentry::base
