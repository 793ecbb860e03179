// The policy's terms as a worker takes them (proto/messages/capture.proto).
#pragma once

#include "daemon/policy/rule.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::jobs {

// Replaces the terms in the capture. Redaction only ever grows, because a job's output holds one kind of
// packets.
void apply(const policy::Terms& terms, wire::CaptureSpec& capture);

// Removes from a client's order the terms that a client may not set. Redaction stays, because a client may
// ask for more of it.
void clear_terms(wire::CaptureSpec& capture);

// What show_no_more() looks at.
[[nodiscard]] policy::Terms terms_of(const wire::CaptureSpec& capture);

// A worker of the one would do as a worker of the other, as far as the policy goes.
[[nodiscard]] bool same_terms(const wire::CaptureSpec& one, const wire::CaptureSpec& other);

}  // namespace packetsentry::jobs
