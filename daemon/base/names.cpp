#include "daemon/base/names.h"

#include <grp.h>
#include <pwd.h>

#include <cerrno>
#include <charconv>
#include <string_view>
#include <vector>

namespace packetsentry::base {
namespace {

constexpr std::size_t kMostRoom = 1 << 20;  // a group of very many members

// look_up: getpwnam_r or getgrnam_r. Only the entry's numbers outlive the call.
template <typename Entry, typename LookUp>
std::optional<Entry> find_entry(LookUp look_up, const std::string& name) {
    Entry entry{};
    Entry* found = nullptr;
    std::vector<char> room(4096);
    while (look_up(name.c_str(), &entry, room.data(), room.size(), &found) == ERANGE &&
           room.size() < kMostRoom)
        room.resize(room.size() * 2);
    if (found == nullptr) return std::nullopt;
    return entry;
}

// The highest number means "no group" to the kernel.
std::optional<gid_t> group_number(std::string_view digits) {
    gid_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || rest != end || number == static_cast<gid_t>(-1)) return std::nullopt;
    return number;
}

}  // namespace

std::optional<User> find_user(const std::string& name) {
    const auto entry = find_entry<passwd>(::getpwnam_r, name);
    if (!entry) return std::nullopt;
    return User{entry->pw_uid, entry->pw_gid, name};
}

std::optional<gid_t> group_id(const std::string& name) {
    const auto entry = find_entry<group>(::getgrnam_r, name);
    if (!entry) return group_number(name);
    return entry->gr_gid;
}

}  // namespace packetsentry::base
