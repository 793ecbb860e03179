// The life of a job: which state may follow which.
#pragma once

#include "proto/messages/control.pb.h"

namespace packetsentry::jobs {

[[nodiscard]] bool may_follow(wire::JobState from, wire::JobState to);

// Tells whether the state is finished or failed, which no other state can follow.
[[nodiscard]] bool is_over(wire::JobState state);

}  // namespace packetsentry::jobs
