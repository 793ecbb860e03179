// Finds the group whose members may use the control socket.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace packetsentry::ctl {

struct SocketGroup {
    std::optional<gid_t> id;  // none: the machine has no group of that name
    std::string name;         // its number where it has no name

    // Nobody can be added to a group that is only a number.
    [[nodiscard]] bool has_name() const { return !id || name != std::to_string(*id); }
};

// The socket's own group, or the usual one where the socket cannot be seen. None where it is root's:
// nobody should be told to join that.
[[nodiscard]] std::optional<SocketGroup> socket_group(const std::string& socket_path);

// "users", or the number.
[[nodiscard]] std::string group_name(gid_t group);

}  // namespace packetsentry::ctl
