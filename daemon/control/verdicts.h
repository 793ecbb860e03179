// What the policy says of requests and jobs as they are here.
#pragma once

#include <string>

#include "daemon/base/identity.h"
#include "daemon/base/result.h"
#include "daemon/jobs/job.h"
#include "daemon/policy/decide.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

// Makes the request that the policy is asked about when a job is to be started.
[[nodiscard]] policy::Request request_to_start(const wire::CaptureSpec& capture, bool foreground);

// job: null where none is concerned.
[[nodiscard]] policy::Verdict verdict_on(const policy::Peer& peer, const policy::Request& request,
                                         const jobs::Job* job, const policy::Rules& rules);

// Tells whether a job that exists could be started now, and under which terms. By the user database its owner
// must still be a member of the socket's group. That is not required where a rule names the owner, nor for a
// job in the foreground whose owner was not a member by the database when it was started. owner: what the
// database says; null where it has never answered, and then what was known of the owner at the start stands.
// The job's filter stays: whoever gave it was asked for the right to, and need not have been the owner.
// Without a policy file each job goes on as it is.
[[nodiscard]] policy::Verdict verdict_on_order(const jobs::Order& order, const policy::Rules& rules,
                                               const base::Identity* owner);

// Whether the peer may leave a job running when it goes. Such a job outlives the session that had the
// socket's group, so it is the user database that has to call its owner a member; or a rule names the owner.
// Errors: not_permitted; unreachable (the database does not answer).
[[nodiscard]] base::Result<void> may_leave_jobs(const policy::Peer& peer, const policy::Rules& rules,
                                                const base::Identity* identity);

// The database calls the user a member of the socket's group.
[[nodiscard]] bool is_database_member(const base::Identity* identity, const policy::Rules& rules);

// The peer can find the job, be it to hear that it may not do this to it. One that it cannot find is
// answered as one that does not exist.
[[nodiscard]] bool can_find(const policy::Peer& peer, policy::Action action, const jobs::Job& job,
                            const policy::Rules& rules);

// The peer may follow the job whatever its rows show.
[[nodiscard]] bool may_see_all_rows(const policy::Peer& peer, const jobs::Job& job,
                                    const policy::Rules& rules);

// Groups as an Order keeps them: the primary one first.
[[nodiscard]] std::vector<gid_t> groups_of(const policy::Peer& peer);

}  // namespace packetsentry::control
