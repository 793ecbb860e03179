#include "ctl/connection_error.h"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

#include "ctl/globals.h"
#include "ctl/render/job.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

// Whose members may connect: the socket's group, or the usual one where the socket cannot be seen. None
// where that is root's: nobody should be told to join it.
std::optional<std::string> socket_group(const std::string& socket_path) {
    struct stat status {};
    if (::stat(socket_path.c_str(), &status) != 0) return "packetsentry";
    if (status.st_gid == 0) return std::nullopt;
    std::array<char, 4096> room{};
    group entry{};
    group* found = nullptr;
    if (::getgrgid_r(status.st_gid, &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
        return std::to_string(status.st_gid);
    return entry.gr_name;
}

base::Error not_permitted(const std::string& socket_path) {
    const auto group = socket_group(socket_path);
    if (!group)
        return {ErrorCode::not_permitted,
                "cannot use " + socket_path +
                    ": it is for root alone; 'packetsentryd --group NAME' lets in others"};
    const std::string user = render::owner_name(::geteuid());
    return {ErrorCode::not_permitted, "cannot use " + socket_path + ": you (" + user + ") are not in group " +
                                          *group + ": 'sudo adduser " + user + " " + *group +
                                          "', then log in again"};
}

std::string start_command(const std::string& socket_path) {
    if (socket_path != kUsualSocket) return "sudo packetsentryd --socket " + socket_path;
    const bool systemd = ::access("/run/systemd/system", F_OK) == 0;
    return systemd ? "sudo systemctl start packetsentryd" : "sudo packetsentryd";
}

}  // namespace

base::Error connection_error(const std::string& socket_path, int error_number) {
    if (error_number == EACCES || error_number == EPERM) return not_permitted(socket_path);
    return {ErrorCode::unreachable, "cannot reach packetsentryd at " + socket_path + ": " +
                                        base::errno_text(error_number) + "; start it with '" +
                                        start_command(socket_path) + "'"};
}

}  // namespace packetsentry::ctl
