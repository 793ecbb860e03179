// Starts a packetsentry-worker process, which inherits one link and nothing else.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::proto {

// The descriptor at which the worker finds its end of the link.
inline constexpr int kWorkerLinkFd = 3;

struct WorkerProcess {
    pid_t pid = -1;       // a child of the caller, who must reap it
    base::UniqueFd link;  // stream socket, non-blocking, close-on-exec
};

// Returns the path of the worker: beside the running program (in a build tree), or in
// ../libexec/packetsentry/ (installed). Error: internal.
[[nodiscard]] base::Result<std::string> find_worker();

// Starts a worker. It gets the link as kWorkerLinkFd, /dev/null as its standard streams, an empty
// environment, and no other descriptor. It has no other output than the link, because messages on the link
// are checked. Error: internal.
[[nodiscard]] base::Result<WorkerProcess> start_worker(const std::string& path);

// Returns the error that a worker means if this signal has killed it, or nothing. SIGPROF means that the
// compilation of its filter exceeded the processor time (filter).
[[nodiscard]] std::optional<base::Error> told_by_signal(int signal);

}  // namespace packetsentry::proto
