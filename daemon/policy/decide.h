// Who may do what: a pure function of the peer, what it asks, the job and the rules.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/policy/action.h"
#include "daemon/policy/peer.h"
#include "daemon/policy/rule.h"

namespace packetsentry::policy {

// What a decision needs to know of a request.
struct Request {
    // NOLINTNEXTLINE(google-explicit-constructor): most are their action and nothing else.
    Request(Action what) : action(what) {}

    Action action;
    std::vector<std::string> interfaces = {};  // of start_job
    bool saves = false;                        // start_job: packets go to a file
    bool follows = false;                      // start_job: the new job's rows go to the peer
    bool filters = false;                      // start_job: with a filter of the peer's own
};

// What a decision needs to know of a job.
struct JobFacts {
    uid_t owner = 0;
    bool always_on = false;  // the machine's own: every member may see and follow it
    std::vector<std::string> interfaces = {};
    Terms terms = {};  // under which it captures
};

struct Rules {
    uid_t daemon_uid = 0;
    std::optional<gid_t> group = {};  // of the socket; none: only root and the daemon's own user
    std::string group_name = {};
    std::optional<Policy> policy = {};  // none: there is no file, and members have their own jobs
};

struct Verdict {
    bool allowed = false;
    std::string reason = {};  // for the log when allowed, for the peer too when not
    std::string rule = {};    // what decided: "rule 2 (/etc/packetsentry/policy.toml:14)", "root"
    Terms terms = {};         // of a job the peer starts
    bool by_rule = false;     // of the policy file
};

// job: the one concerned, null where there is none. A job that may not be seen is to be answered as one
// that does not exist.
[[nodiscard]] Verdict decide(const Peer& peer, const Request& request, const JobFacts* job,
                             const Rules& rules);

// Returns the first rule that applies to a peer; null: the peer is unrestricted or not a member, or no rule
// applies to it.
[[nodiscard]] const Rule* find_rule(const Peer& peer, const Rules& rules);

// "rule 2 (/etc/packetsentry/policy.toml:14)". rule: one of the policy's.
[[nodiscard]] std::string label_of(const Rule& rule, const Policy& policy);

// A rule of the policy names this user, and not only a group.
[[nodiscard]] bool is_named(uid_t user, const Rules& rules);

// Root and the daemon's own user: no rule is for them.
[[nodiscard]] bool is_unrestricted(const Peer& peer, const Rules& rules);

}  // namespace packetsentry::policy
