// The system calls of a worker, as two tables given to the kernel by libseccomp: what it needs, and what
// nothing but an attack would try. The first are allowed, the second end the process with SIGSYS.
#pragma once

#include "daemon/base/result.h"
#include "daemon/worker/sandbox.h"

namespace packetsentry::worker {

// Proves that they are in force. Error: internal, where the kernel has no seccomp or does not take the
// tables.
[[nodiscard]] base::Result<void> restrict_system_calls(const Sandbox& sandbox);

// A second, stricter filter above that: no socket option, no timer, no further filter.
[[nodiscard]] base::Result<void> forbid_socket_changes();

}  // namespace packetsentry::worker
