#include "daemon/base/identity.h"

#include <grp.h>
#include <pwd.h>

#include <cerrno>
#include <utility>

#include "daemon/base/syscall.h"

namespace packetsentry::base {
namespace {

constexpr std::size_t kMostRoom = 1 << 20;
constexpr int kMostGroups = 65536;  // NGROUPS_MAX

// getgrouplist(3) leaves out what it could not look up, and does not say so. Where this process has run out
// of something, errno does.
Result<std::vector<gid_t>> groups_of(const std::string& name, gid_t primary) {
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    errno = 0;
    // Says how many there are where they do not fit.
    while (::getgrouplist(name.c_str(), primary, groups.data(), &count) < 0 && count <= kMostGroups)
        groups.resize(static_cast<std::size_t>(count));
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
        return fail(ErrorCode::internal,
                    syscall_text("find the groups of '" + name + "' in the user database"));
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
                    syscall_text("find uid " + std::to_string(user) + " in the user database", error));
    if (found == nullptr) return Identity();
    auto groups = groups_of(entry.pw_name, entry.pw_gid);
    if (!groups) return std::unexpected(groups.error());
    return Identity{.known = true, .name = entry.pw_name, .groups = std::move(*groups)};
}

}  // namespace packetsentry::base
