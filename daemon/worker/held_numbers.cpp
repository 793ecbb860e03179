#include "daemon/worker/held_numbers.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "daemon/base/syscall.h"

namespace packetsentry::worker {

// A worker's standard input is /dev/null, or something that is as harmless.
base::Result<void> HeldNumbers::hold(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        base::UniqueFd held(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
        if (!held) return base::syscall_failed("hold numbers of descriptors");
        highest_ = std::max(highest_, held.get());
        held_.push_back(std::move(held));
    }
    return {};
}

}  // namespace packetsentry::worker
