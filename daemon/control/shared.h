// The state that all sessions of the daemon share.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "daemon/config/config.h"
#include "daemon/control/user_database.h"
#include "daemon/jobs/supervisor.h"
#include "daemon/policy/decide.h"
#include "daemon/quota/accounts.h"
#include "daemon/quota/refusals.h"

namespace packetsentry::control {

inline constexpr uid_t kUnknownUsers = static_cast<uid_t>(-1);  // an id that nobody can have

// Used by one thread. It must outlive every session.
struct Shared {
    config::Config config;
    policy::Rules rules;
    std::uint64_t policy_changes = 0;  // since the daemon began
    std::int64_t policy_since_ns = 0;  // when the one in force was taken up
    UserDatabase users;
    jobs::Supervisor supervisor;
    std::int64_t started_ns = 0;
    std::function<bool()> may_capture;  // tells whether workers that start now can capture
    quota::Accounts accounts;
    quota::Refusals refusals{};
    std::uint64_t delayed_requests = 0;  // waited for their user's turn
    // Questions about the past that are being answered, by who pays for them. Whoever counts one may outlive
    // this object.
    std::shared_ptr<std::map<uid_t, std::uint32_t>> questions =
        std::make_shared<std::map<uid_t, std::uint32_t>>();
    std::string spool_trouble{};               // why nothing can be kept; empty: it can
    std::uint64_t spool_bytes_limit = 0;       // of all jobs
    std::uint64_t spool_user_bytes_limit = 0;  // of those that users keep
    std::uint64_t spool_free_disk_limit = 0;   // bytes that must stay free of its disk
    bool stopping = false;

    [[nodiscard]] jobs::Registry& registry() { return supervisor.registry(); }

    // Adds to a peer, as the kernel reports it, what the user database has said about it so far.
    [[nodiscard]] policy::Peer complete(policy::Peer presented) const;
    // Returns the user for whom the limits of this user are counted. All ids that the database does not know
    // are counted together, because they may all belong to one user.
    [[nodiscard]] uid_t payer(uid_t user) const;
    [[nodiscard]] bool unrestricted(uid_t user) const { return user == 0 || user == rules.daemon_uid; }
};

}  // namespace packetsentry::control
