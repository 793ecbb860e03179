// The policy's terms as a worker takes them (proto/capture.proto).
#pragma once

#include "daemon/policy/rule.h"
#include "proto/capture.pb.h"

namespace packetsentry::jobs {

// In place of the terms that are there. Redaction only ever grows: a job's output holds one kind of packets.
void apply(const policy::Terms& terms, wire::CaptureSpec& capture);

// Of a client's order: what it may not ask for goes; more redaction it may.
void clear_terms(wire::CaptureSpec& capture);

// What show_no_more() looks at.
[[nodiscard]] policy::Terms terms_of(const wire::CaptureSpec& capture);

// A worker of the one would do as a worker of the other, as far as the policy goes.
[[nodiscard]] bool same_terms(const wire::CaptureSpec& one, const wire::CaptureSpec& other);

}  // namespace packetsentry::jobs
