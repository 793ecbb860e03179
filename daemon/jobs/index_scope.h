// Says where an interface's index is valid: the kernel gives new indices at each boot, and in each network
// namespace.
#pragma once

#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

// Returns the scope of the indices that this process sees. The namespace is 0 if /proc is not mounted.
[[nodiscard]] wire::IndexScope present_index_scope();

// Tells whether an index means the same interface in both scopes, if the interface still exists. If the clock
// was set by more than two seconds, this returns false as for another boot, and the interface's name must be
// used.
[[nodiscard]] bool same_scope(const wire::IndexScope& one, const wire::IndexScope& other);

}  // namespace packetsentry::jobs
