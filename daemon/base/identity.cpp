#include "daemon/base/identity.h"

#include <grp.h>
#include <pwd.h>

#include <cerrno>

#include "daemon/base/syscall.h"

namespace packetsentry::base {
namespace {

constexpr std::size_t kMostRoom = 1 << 20;
constexpr int kMostGroups = 65536;  // NGROUPS_MAX

std::vector<gid_t> groups_of(const std::string& name, gid_t primary) {
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    // Says how many there are where they do not fit.
    while (::getgrouplist(name.c_str(), primary, groups.data(), &count) < 0 && count <= kMostGroups)
        groups.resize(static_cast<std::size_t>(count));
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

}  // namespace

Result<Identity> find_identity(uid_t user) {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> room(4096);
    int error = 0;
    while ((error = ::getpwuid_r(user, &entry, room.data(), room.size(), &found)) == ERANGE &&
           room.size() < kMostRoom)
        room.resize(room.size() * 2);
    // getpwuid(3) names these for "not found", beside no error at all.
    const bool absent = error == 0 || error == ENOENT || error == ESRCH;
    if (found == nullptr && !absent)
        return fail(ErrorCode::internal,
                    syscall_text("look uid " + std::to_string(user) + " up in the user database", error));
    if (found == nullptr) return Identity();
    return Identity{.known = true, .name = entry.pw_name, .groups = groups_of(entry.pw_name, entry.pw_gid)};
}

}  // namespace packetsentry::base
