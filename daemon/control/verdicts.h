// Asks the policy about the requests and jobs of the control socket.
#pragma once

#include <string>

#include "daemon/base/identity.h"
#include "daemon/base/result.h"
#include "daemon/jobs/job.h"
#include "daemon/policy/decide.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

// Makes the request that the policy is asked about when a job is to be started. keep: what of it is to be
// kept in the spool; null: nothing.
[[nodiscard]] policy::Request request_to_start(const wire::CaptureSpec& capture, bool foreground,
                                               const wire::Keep* keep = nullptr);

// job: null if the request is not about a job.
[[nodiscard]] policy::Verdict verdict_on(const policy::Peer& peer, const policy::Request& request,
                                         const jobs::Job* job, const policy::Rules& rules);

// Tells whether an existing job could be started now, and under which terms.
//
// The user database must still list its owner as a member of the socket's group. This is not required if a
// rule names the owner, nor for a job in the foreground whose owner was not listed when it was started.
// owner: what the database says; null if it has never answered, and then what was known at the start is used.
//
// The job's filter is not judged again: the right to set it was checked when it was set, perhaps by another
// user. Without a policy file each job continues as it is, but those of users who are not root are kept no
// longer, so they end.
[[nodiscard]] policy::Verdict verdict_on_order(const jobs::Order& order, const policy::Rules& rules,
                                               const base::Identity* owner);

// Tells whether the peer may start a job in the background. Such a job outlives the session that had the
// socket's group, so the user database must list its owner as a member, or a rule must name the owner.
// identity: what the database says. Errors: not_permitted; unreachable (the database does not answer).
[[nodiscard]] base::Result<void> may_leave_jobs(const policy::Peer& peer, const policy::Rules& rules,
                                                const base::Identity* identity);

// Tells whether the database lists the user as a member of the socket's group.
[[nodiscard]] bool is_database_member(const base::Identity* identity, const policy::Rules& rules);

// Returns what the policy asks about a job that is kept in the spool, whether it still runs or not.
// with_packets: its packets are asked for, and not only their rows.
[[nodiscard]] policy::JobFacts facts_of_kept(const policy::Peer& peer, uid_t owner, const wire::KeptJob& job,
                                             bool with_packets);

// Tells whether the peer may know that the job exists, even if it may not do this to the job. If not,
// requests about the job are answered as if it did not exist.
[[nodiscard]] bool can_find(const policy::Peer& peer, policy::Action action, const jobs::Job& job,
                            const policy::Rules& rules);

// Tells whether the peer may see all rows of the job, whatever terms they were recorded under.
[[nodiscard]] bool may_see_all_rows(const policy::Peer& peer, const jobs::Job& job,
                                    const policy::Rules& rules);

// Returns the peer's groups in the form in which an Order keeps them, the primary group first.
[[nodiscard]] std::vector<gid_t> groups_of(const policy::Peer& peer);

}  // namespace packetsentry::control
