// Answers what the policy would decide: makes the same decisions as for real requests, and does nothing else.
#pragma once

#include "daemon/base/result.h"
#include "daemon/control/shared.h"
#include "daemon/policy/peer.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

// peer: the user who asks. Errors: not_permitted (peer asks about another user and may not), no_such_job
// (also if there is a job but peer, or the user in question, may not know of it), usage.
[[nodiscard]] base::Result<wire::PolicyVerdict> checked_policy(const policy::Peer& peer,
                                                               const wire::CheckPolicy& question,
                                                               Shared& shared);

}  // namespace packetsentry::control
