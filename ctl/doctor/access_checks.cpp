#include "ctl/doctor/access_checks.h"

#include <array>
#include <cerrno>
#include <cstdio>

#include "ctl/client/usual_socket.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl::doctor {
namespace {

using base::ErrorCode;

constexpr mode_t kOthersWrite = 0002;  // what connecting needs
constexpr const char* kOtherGroup = "start packetsentryd with --group NAME, a group that you are in";
constexpr const char* kOtherSocket = "choose another path with --socket or PACKETSENTRY_SOCKET";

Finding refused(std::string message, std::string mend) {
    return {Verdict::fail, std::move(message), std::move(mend), ErrorCode::not_permitted};
}

Finding unreachable(std::string message, std::string mend) {
    return {Verdict::fail, std::move(message), std::move(mend), ErrorCode::unreachable};
}

bool owns_socket(const Facts& facts) {
    return facts.socket.error == 0 && facts.socket.owner == facts.membership.uid;
}

Finding not_a_member(const Membership& membership) {
    const std::string you = "you (" + membership.user + ") are ";
    const std::string& group = membership.group->name;
    const std::string join = "sudo adduser " + membership.user + " " + group;
    if (!membership.group->has_name())
        return refused(you + "not in group " + group + ", which has no name", kOtherGroup);
    if (!membership.group->id)
        return refused("there is no group " + group + " on this machine",
                       "sudo groupadd --system " + group + " && " + join + ", then log in again");
    if (membership.session_is_older())
        return refused(you + "in group " + group + ", but this session began before that",
                       "log in again, or run: newgrp " + group);
    return refused(you + "not in group " + group, join + ", then log in again");
}

// "0660, root:packetsentry"
std::string description(const SocketFacts& socket) {
    std::array<char, 16> mode{};
    std::snprintf(mode.data(), mode.size(), "%04o", static_cast<unsigned>(socket.permissions));
    return std::string(mode.data()) + ", " + socket.owner_name + ":" + socket.group_name;
}

}  // namespace

// systemd may have given the socket up as well, which a restart of the service brings back.
Finding cannot_start(const Facts& facts) {
    const bool by_systemd = facts.manager.running && facts.manager.has_units;
    return unreachable(
        "packetsentryd does not start because of its configuration: " + *facts.configuration,
        "correct that, then: " + (by_systemd ? restart_command(facts.socket_path, facts.manager)
                                             : start_command(facts.socket_path, facts.manager)));
}

namespace {

Finding cannot_be_seen(const Facts& facts) {
    const std::string& path = facts.socket_path;
    if (facts.socket.error == EACCES)
        return refused("you have no permission to examine " + path,
                       "sudo chmod a+x " + path.substr(0, path.rfind('/')));
    if (facts.socket.error == ENOENT && facts.configuration) return cannot_start(facts);
    if (facts.socket.error == ENOENT)
        return unreachable(path + " is not there: packetsentryd does not run",
                           start_command(path, facts.manager));
    return unreachable("cannot examine " + path + ": " + base::errno_text(facts.socket.error), "");
}

Finding cannot_be_used(const Facts& facts) {
    const std::string shown = facts.socket_path + " (" + description(facts.socket) + ")";
    switch (facts.connected.error().code) {
        case ErrorCode::unreachable:
            if (facts.configuration) return cannot_start(facts);
            return unreachable("nobody listens on " + shown, start_command(facts.socket_path, facts.manager));
        case ErrorCode::not_permitted:
            if (check_group(facts).verdict == Verdict::fail)
                return {Verdict::not_checked, "not checked: only members of its group may connect"};
            return refused(shown + " does not allow its group to connect",
                           "sudo chmod 0660 " + facts.socket_path);
        case ErrorCode::timed_out:
            return {Verdict::fail, shown + " accepted no connection within a few seconds",
                    restart_command(facts.socket_path, facts.manager), ErrorCode::timed_out};
        default:
            return {Verdict::fail, facts.connected.error().message, "", facts.connected.error().code};
    }
}

}  // namespace

Finding check_group(const Facts& facts) {
    const Membership& membership = facts.membership;
    if (membership.uid == 0) return {Verdict::ok, "you are root and may do everything"};
    // Nobody should be told to join the group of a stranger.
    if (!facts.trusted)
        return {Verdict::not_checked, "not checked: the socket belongs to a user who is not trusted"};
    const std::string you = "you (" + membership.user + ")";
    if (owns_socket(facts)) return {Verdict::ok, you + " own the socket"};
    // The usual group would be a guess.
    if (facts.socket.error != 0 && facts.socket_path != kUsualSocket)
        return {Verdict::not_checked, "not checked: the group is not known without the socket"};
    if (!membership.group) return refused("only root may use " + facts.socket_path, kOtherGroup);
    if (membership.in_effect) return {Verdict::ok, you + " are in group " + membership.group->name};
    return not_a_member(membership);
}

Finding check_socket(const Facts& facts) {
    const SocketFacts& socket = facts.socket;
    if (socket.error != 0) return cannot_be_seen(facts);
    if (!socket.is_socket)
        return unreachable(facts.socket_path + " is not a socket", "choose another path with --socket");
    if (!facts.trusted)
        return {Verdict::fail, facts.trusted.error().message, kOtherSocket, facts.trusted.error().code};
    if (!facts.connected) return cannot_be_used(facts);
    const std::string shown = facts.socket_path + " (" + description(socket) + ")";
    if ((socket.permissions & kOthersWrite) != 0)
        return {Verdict::warn, shown + " is open to everybody", "sudo chmod 0660 " + facts.socket_path};
    return {Verdict::ok, shown + " accepts connections"};
}

}  // namespace packetsentry::ctl::doctor
