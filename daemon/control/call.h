// A request that is being answered, and what the handlers of requests have in common.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/control/replies.h"
#include "daemon/control/requests.h"
#include "daemon/control/session.h"
#include "daemon/control/shared.h"
#include "daemon/jobs/supervisor.h"
#include "daemon/log/journal_fields.h"
#include "daemon/policy/decide.h"
#include "daemon/quota/refusals.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

using JobPtr = jobs::Supervisor::JobPtr;

// What a handler gives: the answer, or the error that the client is told.
using Outcome = base::Result<Answer>;

// One request and the session that made it, both of which outlive this.
struct Call {
    Session& session;
    const wire::Request& request;
    std::vector<base::UniqueFd> descriptors;
    std::string rule = {};                              // of the policy, where that refused the request
    quota::Refusal refusal = quota::Refusal::requests;  // as which kind an error is counted

    [[nodiscard]] Shared& shared() const { return session.shared(); }
    [[nodiscard]] uid_t uid() const { return session.peer().uid; }
    [[nodiscard]] Answer answer() const { return {reply_to(request), {}}; }
};

// Asks the policy whether this client may do this. job: null if the request is not about a job.
[[nodiscard]] policy::Verdict verdict_for(const Call& call, const policy::Request& request,
                                          const jobs::Job* job);
// Returns the error (not_permitted) for a request that the policy does not allow. Its message is what,
// followed by the policy's reason.
[[nodiscard]] std::unexpected<base::Error> refusal(Call& call, const policy::Verdict& verdict,
                                                   const std::string& what);

// Finds a job by its id, its name or a prefix, among those that the client may know of, and asks the policy
// whether the client may do this to it. Errors: those of Registry::find(); not_permitted.
[[nodiscard]] base::Result<JobPtr> find_job(Call& call, const std::string& text, policy::Action action);

// Returns an answer that describes these jobs. If the client may act on a job but not see it, the answer only
// identifies the job. If the jobs are too many for one answer, it only identifies the oldest of them.
[[nodiscard]] Answer answer_with(const Call& call, const std::vector<JobPtr>& jobs);

// Returns the fields of a log line that says who did what to the job, and which rule allows it.
[[nodiscard]] log::Fields audit_of(const Call& call, const jobs::Job& job, policy::Action action,
                                   const char* name);

// Error (usage): the client follows as many jobs as it may.
[[nodiscard]] base::Result<void> room_for_stream(Call& call);

}  // namespace packetsentry::control
