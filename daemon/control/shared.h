// What all sessions of the daemon share.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/config/config.h"
#include "daemon/control/accounts.h"
#include "daemon/control/refusals.h"
#include "daemon/jobs/supervisor.h"
#include "daemon/policy/decide.h"

namespace packetsentry::control {

// One thread. Outlives every session.
struct Shared {
    config::Config config;
    policy::Rules rules;
    std::uint64_t policy_changes = 0;  // since the daemon began
    std::int64_t policy_since_ns = 0;  // when the one in force was taken up
    jobs::Supervisor supervisor;
    std::int64_t started_ns = 0;
    Accounts accounts;
    Refusals refusals{};
    std::uint64_t delayed_requests = 0;  // waited for their user's turn
    bool stopping = false;

    [[nodiscard]] jobs::Registry& registry() { return supervisor.registry(); }
};

}  // namespace packetsentry::control
