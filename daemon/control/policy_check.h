// What the policy would say: the same decisions as of real requests, and nothing done.
#pragma once

#include "daemon/base/result.h"
#include "daemon/control/shared.h"
#include "daemon/policy/peer.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

// peer: who asks. Errors: not_permitted (about somebody else), no_such_job (also where peer or the user asked
// about could not find it), usage.
[[nodiscard]] base::Result<wire::PolicyVerdict> checked_policy(const policy::Peer& peer,
                                                               const wire::CheckPolicy& question,
                                                               Shared& shared);

}  // namespace packetsentry::control
