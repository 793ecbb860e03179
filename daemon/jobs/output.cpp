#include "daemon/jobs/output.h"

#include <sys/stat.h>
#include <unistd.h>

namespace packetsentry::jobs {

void Output::worker_begins() {
    struct stat status {};
    const bool ordinary = open() && ::fstat(fd(), &status) == 0 && S_ISREG(status.st_mode);
    begin_ = ordinary ? status.st_size : -1;
}

void Output::worker_died(std::uint64_t reported_bytes) {
    struct stat status {};
    const off_t whole = begin_ + static_cast<off_t>(reported_bytes);
    if (begin_ < 0 || ::fstat(fd(), &status) != 0 || status.st_size <= whole) return;
    // The place to write at is shared with the next worker.
    if (::ftruncate(fd(), whole) == 0) (void)::lseek(fd(), whole, SEEK_SET);
}

}  // namespace packetsentry::jobs
