#include "daemon/service/startup.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "daemon/base/names.h"
#include "daemon/base/syscall.h"
#include "daemon/log/log.h"
#include "daemon/policy/policy_file.h"
#include "daemon/service/net_raw_capability.h"
#include "daemon/service/service_manager.h"

namespace packetsentry::service {
namespace {

// A connection or a worker is a descriptor or two; the usual soft limit is for programs with select().
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

// This process holds rows of everybody's captures, and the key that masks addresses: no file and no debugger
// of its own user gets a copy. To be called when the user has been changed, which sets the flag anew.
void write_no_core() {
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        log::tell(log::Event::trouble, {}, "{}", base::syscall_text("forbid core files of this process"));
}

std::optional<base::User> user_to_become(const config::Config& config) {
    if (::geteuid() != 0) return std::nullopt;
    auto user = base::find_user(config.user);
    if (!user)
        log::tell(log::Event::trouble, {},
                  "there is no user '{}': staying root with CAP_NET_RAW alone; "
                  "'useradd --system {}' and a restart fix that",
                  config.user, config.user);
    return user;
}

// Opens the state directory. The daemon does not start where somebody else may have prepared it, because what
// it holds would be believed.
base::Result<base::StateDirectory> open_state(const std::string& path,
                                              const std::optional<base::User>& user) {
    auto state =
        base::StateDirectory::open(path, user ? user->uid : ::geteuid(), user ? user->gid : ::getegid());
    if (state || state.error().code != base::ErrorCode::internal) return state;
    log::tell(log::Event::trouble, {},
              "{}; job numbers begin at 1 again, and jobs do not come back, after a restart",
              state.error().message);
    return base::StateDirectory();
}

std::optional<gid_t> group_of(const config::Config& config) {
    const auto group = base::group_id(config.group);
    if (!group)
        log::tell(log::Event::trouble, {},
                  "there is no group '{}': only root and uid {} may use the socket; "
                  "'groupadd --system {}' and a restart fix that",
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
    if (!policy) return;
    log::tell(log::Event::detail, {}, "the policy {} has {} rules", policy->path, policy->rules.size());
    for (const std::string& warning : policy::warnings_of(*policy))
        log::tell(log::Event::trouble, {}, "policy: {}", warning);
}

}  // namespace

base::Result<std::optional<policy::Policy>> read_policy(const config::Config& config) {
    return policy::read_policy(config.policy, config.policy == config::kUsualPolicyFile);
}

policy::Rules rules_of(const config::Config& config, std::optional<policy::Policy> policy) {
    const auto user = base::find_user(config.user);
    return {.daemon_uid = user ? user->uid : ::geteuid(),
            .group = base::group_id(config.group),
            .group_name = config.group,
            .policy = std::move(policy)};
}

base::Result<Started> start_up(const config::Config& config) {
    ::signal(SIGPIPE, SIG_IGN);
    // Somebody opens a file of the spool for writing in the moment in which the daemon has a lease on it.
    ::signal(SIGIO, SIG_IGN);
    raise_descriptor_limit();
    const auto user = user_to_become(config);
    const auto group = group_of(config);
    auto state = open_state(config.state_dir, user);
    if (!state) return std::unexpected(state.error());
    auto handed = take_handed();
    if (!handed) return std::unexpected(handed.error());
    auto socket =
        ControlSocket::open(config.socket, group, user ? user->uid : ::geteuid(), std::move(handed->socket));
    if (!socket) return std::unexpected(socket.error());
    if (!socket->group_trouble().empty()) log::tell(log::Event::trouble, {}, "{}", socket->group_trouble());
    if (user) {
        if (auto given = socket->give_directory(user->uid, user->gid); !given)
            return std::unexpected(given.error());
    }
    if (auto kept = keep_only_net_raw(user); !kept) return std::unexpected(kept.error());
    write_no_core();
    tell_rights();
    auto policy = read_policy(config);
    if (!policy) return std::unexpected(policy.error());
    tell_policy(*policy);
    return Started{std::move(*socket),
                   {::geteuid(), group, config.group, std::move(*policy)},
                   std::move(*state),
                   std::move(handed->kept)};
}

}  // namespace packetsentry::service
