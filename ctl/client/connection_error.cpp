#include "ctl/client/connection_error.h"

#include <unistd.h>

#include <cerrno>

#include "ctl/client/listener_trust.h"
#include "ctl/client/membership.h"
#include "ctl/client/socket_group.h"
#include "ctl/client/start_command.h"
#include "daemon/base/names.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

base::Error not_permitted(const std::string& socket_path) {
    // Nobody should be told to join the group of a stranger.
    if (auto checked = check_socket_file(socket_path); !checked) return checked.error();
    const auto group = socket_group(socket_path);
    if (!group)
        return {ErrorCode::not_permitted,
                "cannot use " + socket_path +
                    ": only root may use it; 'packetsentryd --group NAME' allows a group to use it"};
    const std::string user = base::user_name(::geteuid());
    if (!group->has_name())
        return {ErrorCode::not_permitted,
                "cannot use " + socket_path + ": it is for group " + group->name +
                    ", which has no name and which you (" + user +
                    ") are not in; 'packetsentryd --group NAME' allows another group to use it"};
    if (find_membership(socket_path).session_is_older())
        return {ErrorCode::not_permitted, "cannot use " + socket_path + ": you (" + user + ") are in group " +
                                              group->name +
                                              ", but this session began before that: log in again, " +
                                              "or run 'newgrp " + group->name + "'"};
    return {ErrorCode::not_permitted, "cannot use " + socket_path + ": you (" + user + ") are not in group " +
                                          group->name + ": 'sudo adduser " + user + " " + group->name +
                                          "', then log in again"};
}

}  // namespace

base::Error connection_error(const std::string& socket_path, int error_number) {
    if (error_number == EACCES || error_number == EPERM) return not_permitted(socket_path);
    if (error_number == EAGAIN)
        return {ErrorCode::timed_out, "cannot reach packetsentryd at " + socket_path +
                                          ": too many clients wait for it to answer; see what it does with "
                                          "'journalctl -u packetsentryd'"};
    return {ErrorCode::unreachable, "cannot reach packetsentryd at " + socket_path + ": " +
                                        base::errno_text(error_number) + "; start it with '" +
                                        start_command(socket_path, find_service_manager()) + "'"};
}

}  // namespace packetsentry::ctl
