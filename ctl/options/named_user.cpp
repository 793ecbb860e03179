#include "ctl/options/named_user.h"

#include <grp.h>

#include <charconv>
#include <optional>
#include <vector>

#include "daemon/base/names.h"

namespace packetsentry::ctl {
namespace {

std::vector<gid_t> groups_of(const base::User& user) {
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    while (::getgrouplist(user.name.c_str(), user.gid, groups.data(), &count) < 0)
        groups.resize(static_cast<std::size_t>(count));
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

std::optional<base::User> find_by_number(const std::string& text) {
    std::uint32_t uid = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, uid);
    if (error != std::errc{} || rest != end) return std::nullopt;
    return base::find_user(base::user_name(uid));
}

}  // namespace

base::Result<wire::Identity> identity_of(const std::string& name) {
    auto user = base::find_user(name);
    if (!user) user = find_by_number(name);
    if (!user) return base::fail(base::ErrorCode::usage, "there is no user '" + name + "'");
    wire::Identity identity;
    identity.set_uid(user->uid);
    identity.set_name(user->name);
    identity.set_gid(user->gid);
    for (const gid_t group : groups_of(*user)) identity.add_group(group);
    return identity;
}

}  // namespace packetsentry::ctl
