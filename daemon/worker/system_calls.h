// Restricts the system calls of a worker with two tables, which libseccomp passes to the kernel. The first
// has the calls that the worker needs; they are allowed. The second has calls that only an attack would make;
// they end the process with SIGSYS.
#pragma once

#include "daemon/base/result.h"
#include "daemon/worker/sandbox.h"

namespace packetsentry::worker {

// Applies the tables, and proves that they are in effect. Error (internal): the kernel has no seccomp, or
// refuses the tables.
[[nodiscard]] base::Result<void> restrict_system_calls(const Sandbox& sandbox);

// Adds a second, stricter filter that also forbids socket options, timers and further filters. Error:
// internal.
[[nodiscard]] base::Result<void> forbid_socket_changes();

}  // namespace packetsentry::worker
