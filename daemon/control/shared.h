// What all sessions of the daemon share.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/config/config.h"
#include "daemon/jobs/supervisor.h"
#include "daemon/policy/decide.h"

namespace packetsentry::control {

// One thread. Outlives every session.
struct Shared {
    config::Config config;
    policy::Rules rules;
    std::uint64_t policy_changes = 0;  // since the daemon began
    jobs::Supervisor supervisor;
    std::int64_t started_ns = 0;
    std::map<uid_t, std::uint32_t> clients{};  // connections by user
    std::uint64_t refused = 0;                 // requests and connections
    bool stopping = false;

    [[nodiscard]] jobs::Registry& registry() { return supervisor.registry(); }
    [[nodiscard]] std::uint32_t client_count() const {
        std::uint32_t count = 0;
        for (const auto& [uid, connections] : clients) count += connections;
        return count;
    }
};

}  // namespace packetsentry::control
