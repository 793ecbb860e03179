#include "ctl/client/listener_trust.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string_view>

#include "ctl/client/usual_socket.h"
#include "daemon/base/names.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

constexpr const char* kServiceUser = "packetsentry";

std::optional<uid_t> service_uid() {
    const auto user = base::find_user(kServiceUser);
    if (!user) return std::nullopt;
    return user->uid;
}

// "; the path comes from --socket": a path that was given by hand may be a mistake.
std::string origin_of(std::string_view path) {
    if (path == kUsualSocket) return "";
    const char* variable = std::getenv(kSocketVariable);
    const bool by_variable = variable != nullptr && path == variable;
    return std::string("; the path comes from ") + (by_variable ? kSocketVariable : "--socket");
}

base::Result<void> check_user(uid_t uid, const std::string& path) {
    const NamespaceOfUsers users = user_namespace();
    if (is_trusted(uid, ::geteuid(), service_uid(), users, path == kUsualSocket)) return {};
    if (uid == users.nobodys)
        return base::fail(
            ErrorCode::unreachable,
            "cannot reach packetsentryd at " + path +
                ": in this user namespace it is not possible to tell whether root listens there; mount the "
                "socket at " +
                kUsualSocket + "; nothing was sent" + origin_of(path));
    return base::fail(ErrorCode::unreachable,
                      "cannot reach packetsentryd at " + path + ": it belongs to " + base::user_text(uid) +
                          ", and not to root, packetsentry or you; nothing was sent" + origin_of(path));
}

}  // namespace

// user_namespaces(7): a line "0 0 4294967295" maps every id to itself.
NamespaceOfUsers user_namespace() {
    std::uint64_t inside = 0, outside = 0, count = 0;
    std::ifstream map("/proc/self/uid_map");
    if (!(map >> inside >> outside >> count)) return {};
    if (inside == 0 && outside == 0 && count == std::numeric_limits<std::uint32_t>::max()) return {};
    uid_t overflow = 65534;
    std::ifstream("/proc/sys/kernel/overflowuid") >> overflow;
    return {overflow};
}

bool is_trusted(uid_t listener, uid_t self, std::optional<uid_t> service, const NamespaceOfUsers& users,
                bool usual_path) {
    if (users.nobodys == listener) return usual_path;
    return listener == 0 || listener == self || listener == service;
}

base::Result<void> check_listener(int fd, const std::string& path) {
    ucred listener{};
    socklen_t size = sizeof listener;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &listener, &size) != 0)
        return base::fail(ErrorCode::internal, base::syscall_text("see who listens on " + path));
    return check_user(listener.uid, path);
}

base::Result<void> check_socket_file(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return {};
    return check_user(status.st_uid, path);
}

}  // namespace packetsentry::ctl
