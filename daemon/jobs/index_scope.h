// What an interface's index is good for: the kernel gives indices anew at each boot, in each network
// namespace.
#pragma once

#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

// The scope of the indices that this process sees. The namespace is 0 where /proc does not tell.
[[nodiscard]] wire::IndexScope present_index_scope();

// An index that was read in one of them means the same interface in the other, if it still exists. A clock
// that was set by more than two seconds looks like another boot: then the interface's name has to do.
[[nodiscard]] bool same_scope(const wire::IndexScope& one, const wire::IndexScope& other);

}  // namespace packetsentry::jobs
