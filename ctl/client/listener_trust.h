// Finds out who listens on the control socket, and whether the client may trust this user.
//
// If the path of the socket is in a directory to which others may write, such as /tmp, another user can
// listen there instead of packetsentryd, and would get the requests and the open files of its clients. The
// kernel knows which user called listen(), so the client asks the kernel after connect() and before it sends
// the first byte.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "daemon/base/result.h"

namespace packetsentry::ctl {

// In a user namespace, as in a container without root, every user who has no id there reads as one and the
// same: root, strangers, and sometimes the client itself.
struct NamespaceOfUsers {
    std::optional<uid_t> nobodys;  // that id; none: every user has an id of their own
};
[[nodiscard]] NamespaceOfUsers user_namespace();

// Root is trusted, because systemd listens as root and so does a daemon that was started as root. So are the
// service's user, which may not be there, and the client's own user, who may run a daemon of their own.
// Where nobody can tell who it is, the listener at the usual path is, since only root can have made that.
[[nodiscard]] bool is_trusted(uid_t listener, uid_t self, std::optional<uid_t> service,
                              const NamespaceOfUsers& users, bool usual_path);

// fd: a connected Unix socket, which stays the caller's. path: where it was connected to, for the message.
// Errors: unreachable (a user who is not trusted called listen()), internal (the kernel does not tell).
[[nodiscard]] base::Result<void> check_listener(int fd, const std::string& path);

// Judges by the owner of the socket's file, where no connection can be had. A path that cannot be looked at
// is no error. Error: unreachable.
[[nodiscard]] base::Result<void> check_socket_file(const std::string& path);

}  // namespace packetsentry::ctl
