// Runs a program as a user on one of the hosts of a system test:
//   enter_host NAMESPACE|- UID GID GROUPS|- [NAME=VALUE…] PROGRAM [ARGUMENT…]
//
// In the network namespace (-: this one), with what lies in /etc/netns/NAMESPACE mounted over /etc; as that
// user, with those further groups and no capability but root's; with these variables and no others; with
// signals as they are by default, because a shell starts its background processes with SIGINT ignored.
//
// "ip netns exec", setpriv and env do the same, but a system test starts clients by the hundred, and those
// three took longer than the client.
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr int kNotEntered = 125;
constexpr int kNotFound = 127;

void check(bool good, const std::string& what) {
    if (good) return;
    std::fprintf(stderr, "enter_host: cannot %s: %s\n", what.c_str(), std::strerror(errno));
    std::exit(kNotEntered);
}

void mount_over_etc(const std::string& directory) {
    check(::unshare(CLONE_NEWNS) == 0, "leave the mount namespace");
    // What is mounted here is not seen outside.
    check(::mount("", "/", "none", MS_SLAVE | MS_REC, nullptr) == 0, "change the propagation of mounts");
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        const std::string target = "/etc/" + entry.path().filename().string();
        check(::mount(entry.path().c_str(), target.c_str(), "none", MS_BIND, nullptr) == 0,
              "mount over " + target);
    }
}

void enter(const std::string& name) {
    const int space = ::open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC);
    check(space >= 0 && ::setns(space, CLONE_NEWNET) == 0, "enter the namespace " + name);
    ::close(space);
    const std::string directory = "/etc/netns/" + name;
    if (std::filesystem::exists(directory)) mount_over_etc(directory);
}

std::vector<gid_t> groups_of(std::string_view list) {
    std::vector<gid_t> groups;
    if (list == "-") return groups;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        groups.push_back(static_cast<gid_t>(std::stoul(std::string(list.substr(0, comma)))));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return groups;
}

void drop_inheritable() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3]{};
    check(::syscall(SYS_capget, &header, sets) == 0, "read the capabilities");
    for (auto& set : sets) set.inheritable = 0;
    check(::syscall(SYS_capset, &header, sets) == 0, "drop the inheritable capabilities");
    check(::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0, "clear the ambient set");
}

void become(uid_t user, gid_t group, const std::vector<gid_t>& groups) {
    check(::setgroups(groups.size(), groups.data()) == 0, "set the groups");
    check(::setresgid(group, group, group) == 0, "set the group");
    if (user != 0) drop_inheritable();
    check(::setresuid(user, user, user) == 0, "set the user");
}

void reset_signals() {
    for (const int number : {SIGINT, SIGQUIT, SIGPIPE, SIGHUP}) ::signal(number, SIG_DFL);
}

}  // namespace

int main(int count, char** words) {
    constexpr int kFixed = 5;
    if (count <= kFixed) {
        std::fprintf(stderr,
                     "usage: enter_host NAMESPACE|- UID GID GROUPS|- [NAME=VALUE…] PROGRAM [ARGUMENT…]\n");
        return kNotEntered;
    }
    if (std::string_view(words[1]) != "-") enter(words[1]);
    become(static_cast<uid_t>(std::stoul(words[2])), static_cast<gid_t>(std::stoul(words[3])),
           groups_of(words[4]));
    reset_signals();
    ::clearenv();
    char** program = words + kFixed;
    for (; *program != nullptr && std::strchr(*program, '=') != nullptr; ++program) ::putenv(*program);
    if (*program != nullptr) ::execvp(*program, program);
    std::fprintf(stderr, "enter_host: cannot run '%s': %s\n", *program != nullptr ? *program : "",
                 std::strerror(errno));
    return kNotFound;
}
