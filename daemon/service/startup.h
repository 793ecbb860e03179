// Does everything that is done once at the start, in order, with the rights with which the daemon was
// started. Afterwards these rights are given up.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/state_directory.h"
#include "daemon/config/config.h"
#include "daemon/policy/decide.h"
#include "daemon/service/control_socket.h"

namespace packetsentry::service {

struct Started {
    ControlSocket socket;
    policy::Rules rules;
    base::StateDirectory state;                  // without a directory where it cannot be made
    std::map<std::string, base::UniqueFd> kept;  // descriptors of before a restart (service_manager.h)
};

// The policy that the configuration names; none: there is no file. Errors: as policy::read_policy().
[[nodiscard]] base::Result<std::optional<policy::Policy>> read_policy(const config::Config& config);

// Whom the rules are for, before a daemon runs: the group and the user that the configuration names.
[[nodiscard]] policy::Rules rules_of(const config::Config& config, std::optional<policy::Policy> policy);

// Makes the state directory and the socket, drops privileges, then reads the policy, as a reload will. What
// can be done without is logged as a warning. Errors: usage, file (the policy; or somebody else may have
// prepared the state directory, or could replace the socket), internal.
[[nodiscard]] base::Result<Started> start_up(const config::Config& config);

}  // namespace packetsentry::service
