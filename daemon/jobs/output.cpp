#include "daemon/jobs/output.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <utility>

namespace packetsentry::jobs {

// statx() that asks nobody: fstat() asks a file system that may be the user's own, and need not answer.
std::optional<off_t> file_size(int fd) {
    struct statx status {};
    if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_SIZE, &status) != 0 ||
        !S_ISREG(status.stx_mode))
        return std::nullopt;
    return static_cast<off_t>(status.stx_size);
}

std::optional<off_t> Output::worker_begins() {
    const auto whole = std::exchange(whole_, std::nullopt);
    begin_ = whole || !open() ? whole : file_size(fd());
    return whole;
}

void Output::worker_died(std::uint64_t reported_bytes) {
    if (!begin_) return;
    const std::uint64_t whole = static_cast<std::uint64_t>(*begin_) + reported_bytes;
    const auto size = file_size(fd());
    if (!size) return;
    // Of nothing too: a successor that was to continue it is told that there is nothing to continue.
    if (static_cast<std::uint64_t>(*size) > whole || whole == 0) whole_ = static_cast<off_t>(whole);
}

}  // namespace packetsentry::jobs
