// Starts a packetsentry-worker: one process, one link, nothing else inherited.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::proto {

// The worker finds its end of the link here.
inline constexpr int kWorkerLinkFd = 3;

struct WorkerProcess {
    pid_t pid = -1;       // the caller's child: the caller reaps it
    base::UniqueFd link;  // stream socket, non-blocking, close-on-exec
};

// Beside the running program (build tree), else ../libexec/packetsentry/ (installed).
[[nodiscard]] base::Result<std::string> find_worker();

// The worker gets the link as kWorkerLinkFd, /dev/null as its standard streams (what it has to say
// comes over the link, where it is checked), an empty environment, and no other descriptor.
[[nodiscard]] base::Result<WorkerProcess> start_worker(const std::string& path);

// What a worker that was killed by this signal tells by that. Error: filter, whose compilation was over the
// processor time it is given (SIGPROF).
[[nodiscard]] std::optional<base::Error> told_by_signal(int signal);

}  // namespace packetsentry::proto
