#include "ctl/client/membership.h"
#include "daemon/base/names.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

namespace packetsentry::ctl {
namespace {

bool in_effect(gid_t group) {
    if (::getegid() == group) return true;
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    const int size = ::getgroups(static_cast<int>(groups.size()), groups.data());
    groups.resize(static_cast<std::size_t>(std::max(size, 0)));
    return std::ranges::find(groups, group) != groups.end();
}

bool in_database(uid_t uid, gid_t group) {
    std::array<char, 4096> room{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(uid, &entry, room.data(), room.size(), &found) != 0 || found == nullptr) return false;
    int size = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(size));
    // Tells how many there are when they do not fit.
    if (::getgrouplist(entry.pw_name, entry.pw_gid, groups.data(), &size) < 0) {
        groups.resize(static_cast<std::size_t>(size));
        if (::getgrouplist(entry.pw_name, entry.pw_gid, groups.data(), &size) < 0) return false;
    }
    groups.resize(static_cast<std::size_t>(size));
    return std::ranges::find(groups, group) != groups.end();
}

}  // namespace

Membership find_membership(const std::string& socket_path) {
    const uid_t uid = ::geteuid();
    Membership membership{.uid = uid, .user = base::user_name(uid), .group = socket_group(socket_path)};
    if (membership.group && membership.group->id) {
        membership.in_database = in_database(uid, *membership.group->id);
        membership.in_effect = in_effect(*membership.group->id);
    }
    return membership;
}

}  // namespace packetsentry::ctl
