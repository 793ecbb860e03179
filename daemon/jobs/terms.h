// Converts the policy's terms into the message for a worker (proto/messages/capture.proto).
#pragma once

#include "daemon/policy/rule.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::jobs {

// Replaces the terms in force by those of the policy. Redaction can only become stricter, so that the output
// does not get packets that show more than the earlier ones.
void apply(const policy::Terms& terms, wire::Terms& in_force);

// Returns the first terms of a new job, which include the redaction that its client asked for.
[[nodiscard]] wire::Terms first_terms(const policy::Terms& terms, const wire::CaptureSpec& capture);

// Returns the terms for policy::show_no_more(): those in force, with the capture's own snapshot length if
// that is less.
[[nodiscard]] policy::Terms terms_of(const wire::CaptureSpec& capture, const wire::Terms& in_force);

// Tells whether a worker under one of these terms captures the same as a worker under the other.
[[nodiscard]] bool same_terms(const wire::Terms& one, const wire::Terms& other);

}  // namespace packetsentry::jobs
