// Who may do what: a pure function of the peer, the action, the job and the rules.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/policy/peer.h"

namespace packetsentry::policy {

enum class Action : std::uint8_t {
    connect,
    start_job,
    see_job,     // list, show
    follow_job,  // its rows
    stop_job,
    change_filter,
    see_daemon,  // status, interfaces
};

// What a decision needs to know of a job.
struct JobFacts {
    uid_t owner = 0;
    bool always_on = false;  // the machine's own: every member may see and follow it
};

struct Rules {
    uid_t daemon_uid = 0;
    std::optional<gid_t> group;  // of the socket; none: only root and the daemon's own user
    std::string group_name;
};

struct Verdict {
    bool allowed = false;
    std::string reason;  // for the log when allowed, for the peer too when not
};

// job: the one concerned, null where there is none. A job that may not be seen is to be answered as one
// that does not exist.
[[nodiscard]] Verdict decide(const Peer& peer, Action action, const JobFacts* job, const Rules& rules);

[[nodiscard]] const char* name_of(Action action);

}  // namespace packetsentry::policy
