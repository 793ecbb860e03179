#include "daemon/control/startup.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "daemon/base/names.h"
#include "daemon/base/syscall.h"
#include "daemon/control/privileges.h"
#include "daemon/control/service_manager.h"
#include "daemon/log/log.h"
#include "daemon/policy/policy_file.h"

namespace packetsentry::control {
namespace {

// A connection or a worker is a descriptor or two; the usual soft limit is for programs with select().
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::optional<base::User> user_to_become(const config::Config& config) {
    if (::geteuid() != 0) return std::nullopt;
    auto user = base::find_user(config.user);
    if (!user)
        log::tell(log::Event::trouble, {},
                  "there is no user '{}': staying root with CAP_NET_RAW alone; "
                  "'useradd --system {}' and a restart mend that",
                  config.user, config.user);
    return user;
}

void give_to(const std::optional<base::User>& user, const std::string& path) {
    if (user && !path.empty() && ::lchown(path.c_str(), user->uid, user->gid) != 0)
        log::tell(log::Event::trouble, {}, "{}", base::syscall_text("give '" + path + "' to " + user->name));
}

void prepare_state_dir(const std::string& path, const std::optional<base::User>& user) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        log::tell(log::Event::trouble, {}, "{}; job numbers begin at 1 again after a restart",
                  base::syscall_text("make the state directory '" + path + "'"));
        return;
    }
    give_to(user, path);
}

std::optional<gid_t> group_of(const config::Config& config) {
    const auto group = base::group_id(config.group);
    if (!group)
        log::tell(log::Event::trouble, {},
                  "there is no group '{}': only root and uid {} may use the socket; "
                  "'groupadd --system {}' and a restart mend that",
                  config.group, ::geteuid(), config.group);
    return group;
}

void tell_rights() {
    if (may_capture()) {
        log::tell(log::Event::detail, {}, "uid {} with CAP_NET_RAW for workers", ::geteuid());
        return;
    }
    log::tell(log::Event::trouble, {},
              "without CAP_NET_RAW no capture can start: start packetsentryd as root, by its systemd unit, "
              "or after 'sudo setcap cap_net_raw+ep' on it");
}

void tell_policy(const std::optional<policy::Policy>& policy) {
    if (policy)
        log::tell(log::Event::detail, {}, "the policy {} has {} rules", policy->path, policy->rules.size());
}

}  // namespace

base::Result<std::optional<policy::Policy>> read_policy(const config::Config& config) {
    return policy::read_policy(config.policy, config.policy == config::kUsualPolicyFile);
}

base::Result<Started> start_up(const config::Config& config) {
    ::signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    const auto user = user_to_become(config);
    const auto group = group_of(config);
    prepare_state_dir(config.state_dir, user);
    auto handed = take_handed();
    if (!handed) return std::unexpected(handed.error());
    auto socket = ControlSocket::open(config.socket, group, std::move(handed->socket));
    if (!socket) return std::unexpected(socket.error());
    if (!socket->group_trouble().empty()) log::tell(log::Event::trouble, {}, "{}", socket->group_trouble());
    give_to(user, socket->made_directory());
    if (auto kept = keep_only_net_raw(user); !kept) return std::unexpected(kept.error());
    tell_rights();
    auto policy = read_policy(config);
    if (!policy) return std::unexpected(policy.error());
    tell_policy(*policy);
    return Started{
        std::move(*socket), {::geteuid(), group, config.group, std::move(*policy)}, std::move(handed->kept)};
}

}  // namespace packetsentry::control
