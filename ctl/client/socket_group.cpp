#include "ctl/client/socket_group.h"

#include <grp.h>
#include <sys/stat.h>

#include <cerrno>
#include <vector>

namespace packetsentry::ctl {
namespace {

constexpr const char* kUsualGroup = "packetsentry";
constexpr std::size_t kMostRoom = 1 << 20;  // a group of very many members

// look_up: getgrgid_r or getgrnam_r on the key.
template <typename Key, typename LookUp>
std::optional<SocketGroup> find_group(LookUp look_up, Key key) {
    group entry{};
    group* found = nullptr;
    std::vector<char> room(4096);
    while (look_up(key, &entry, room.data(), room.size(), &found) == ERANGE && room.size() < kMostRoom)
        room.resize(room.size() * 2);
    if (found == nullptr) return std::nullopt;
    return SocketGroup{entry.gr_gid, entry.gr_name};
}

}  // namespace

std::string group_name(gid_t group) {
    const auto found = find_group(::getgrgid_r, group);
    return found ? found->name : std::to_string(group);
}

std::optional<SocketGroup> socket_group(const std::string& socket_path) {
    struct stat status {};
    if (::stat(socket_path.c_str(), &status) != 0)
        return find_group(::getgrnam_r, kUsualGroup).value_or(SocketGroup{std::nullopt, kUsualGroup});
    if (status.st_gid == 0) return std::nullopt;
    return SocketGroup{status.st_gid, group_name(status.st_gid)};
}

}  // namespace packetsentry::ctl
