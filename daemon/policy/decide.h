// Decides who may do what. This is a pure function of the peer, the request, the job and the rules.
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

// The properties of a request that matter for a decision.
struct Request {
    // NOLINTNEXTLINE(google-explicit-constructor): most are their action and nothing else.
    Request(Action what) : action(what) {}

    Action action;
    std::vector<std::string> interfaces = {};  // of start_job
    bool saves = false;                        // start_job: packets go to a file, or into the rows
    bool follows = false;                      // start_job: the new job's rows go to the peer
    bool filters = false;                      // start_job: with a filter of the peer's own
    bool keeps = false;                        // start_job: rows go to the spool
};

// The properties of a job that matter for a decision.
struct JobFacts {
    uid_t owner = 0;
    bool always_on = false;  // belongs to the machine: every member may see and follow it
    std::vector<std::string> interfaces = {};
    Terms terms = {};          // under which it captures
    bool has_packets = false;  // its rows have the bytes of its packets, as a file has them
};

struct Rules {
    uid_t daemon_uid = 0;
    std::optional<gid_t> group = {};  // of the socket; none: only root and the daemon's own user
    std::string group_name = {};
    std::optional<Policy> policy = {};  // none: there is no file, and members have their own jobs
};

struct Verdict {
    bool allowed = false;
    std::string reason = {};  // for the log, and for the peer if the request is refused
    std::string rule = {};    // what decided: "rule 2 (/etc/packetsentry/policy.toml:14)", "root"
    Terms terms = {};         // of a job the peer starts
    bool by_rule = false;     // of the policy file
};

// job: null if the request is not about a job. If the peer may not see the job, the caller must answer as if
// the job did not exist.
[[nodiscard]] Verdict decide(const Peer& peer, const Request& request, const JobFacts* job,
                             const Rules& rules);

// Returns the first rule that applies to a peer. Returns null if the peer is unrestricted, is not a member,
// or if no rule applies to it.
[[nodiscard]] const Rule* find_rule(const Peer& peer, const Rules& rules);

// Returns the name of a rule for people, as "rule 2 (/etc/packetsentry/policy.toml:14)". rule must belong to
// the policy.
[[nodiscard]] std::string label_of(const Rule& rule, const Policy& policy);

// Tells whether a rule of the policy names this user itself, and not only a group.
[[nodiscard]] bool is_named(uid_t user, const Rules& rules);

// Tells whether the peer is root or the daemon's own user, to whom no rule applies.
[[nodiscard]] bool is_unrestricted(const Peer& peer, const Rules& rules);

}  // namespace packetsentry::policy
