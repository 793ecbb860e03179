// The policy's terms as a worker takes them (proto/messages/capture.proto).
#pragma once

#include "daemon/policy/rule.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::jobs {

// Puts the policy's terms in the place of those in force. Redaction only ever grows, because a job's output
// holds one kind of packets.
void apply(const policy::Terms& terms, wire::Terms& in_force);

// Returns the terms that a new job begins with, which have the redaction that its client asked for.
[[nodiscard]] wire::Terms first_terms(const policy::Terms& terms, const wire::CaptureSpec& capture);

// Returns what policy::show_no_more() looks at: the terms in force, and the capture's own snapshot length
// where that is less.
[[nodiscard]] policy::Terms terms_of(const wire::CaptureSpec& capture, const wire::Terms& in_force);

// A worker of the one would do as a worker of the other, as far as the policy goes.
[[nodiscard]] bool same_terms(const wire::Terms& one, const wire::Terms& other);

}  // namespace packetsentry::jobs
