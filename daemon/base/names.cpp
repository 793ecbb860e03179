#include "daemon/base/names.h"

#include <grp.h>
#include <pwd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <vector>

#include "daemon/base/syscall.h"

namespace packetsentry::base {
namespace {

constexpr std::size_t kMostEntryRoom = 1 << 20;  // a group of very many members

// look_up: getpwnam_r, getgrnam_r or getgrgid_r, on the key. The entry's texts are in room, where it ends.
template <typename Entry, typename LookUp, typename Key>
Result<std::optional<Entry>> find_entry(LookUp look_up, Key key, std::vector<char>& room) {
    Entry entry{};
    Entry* found = nullptr;
    int error = 0;
    room.resize(4096);
    while ((error = look_up(key, &entry, room.data(), room.size(), &found)) == ERANGE &&
           room.size() < kMostEntryRoom)
        room.resize(room.size() * 2);
    if (found != nullptr) return std::optional(entry);
    // getpwnam(3) names these for "not found", beside no error at all.
    if (error == 0 || error == ENOENT || error == ESRCH) return std::nullopt;
    return fail(ErrorCode::internal, syscall_text("ask the user database", error));
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

Result<std::optional<User>> look_up_user(const std::string& name) {
    std::vector<char> room;
    const auto entry = find_entry<passwd>(::getpwnam_r, name.c_str(), room);
    if (!entry) return std::unexpected(entry.error());
    if (!*entry) return std::nullopt;
    return User{(*entry)->pw_uid, (*entry)->pw_gid, name};
}

Result<std::optional<gid_t>> look_up_group(const std::string& name) {
    std::vector<char> room;
    const auto entry = find_entry<group>(::getgrnam_r, name.c_str(), room);
    if (!entry) return std::unexpected(entry.error());
    if (!*entry) return group_number(name);
    return (*entry)->gr_gid;
}

std::optional<User> find_user(const std::string& name) {
    return look_up_user(name).value_or(std::nullopt);
}

std::optional<gid_t> group_id(const std::string& name) {
    return look_up_group(name).value_or(group_number(name));
}

std::vector<std::string> listed_members(gid_t id, std::size_t most) {
    std::vector<char> room;
    const auto entry = find_entry<group>(::getgrgid_r, id, room);
    std::vector<std::string> names;
    if (!entry || !*entry) return names;
    for (char** name = (*entry)->gr_mem; *name != nullptr && names.size() < most; ++name)
        names.emplace_back(*name);
    return names;
}

std::string user_name(uid_t uid) {
    std::array<char, 4096> room{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(uid, &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
        return std::to_string(uid);
    return entry.pw_name;
}

std::string user_text(uid_t uid) {
    const std::string number = std::to_string(uid);
    const std::string name = user_name(uid);
    return name == number ? "uid " + number : name + " (uid " + number + ")";
}

}  // namespace packetsentry::base
