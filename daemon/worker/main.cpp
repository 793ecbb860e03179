// packetsentry-worker: started by packetsentryd or packetsentryctl, never by hand.
#include <malloc.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "daemon/worker/worker.h"
#include "proto/link/start_worker.h"

namespace {

using namespace packetsentry;

constexpr auto kUnlisted = worker::Unlisted::PACKETSENTRY_UNLISTED;
constexpr int kMiB = 1 << 20;

void set_up_memory() {
    // A memory pool for each thread that opens an interface would stay when the thread has ended, and would
    // count against the limit on memory.
    ::mallopt(M_ARENA_MAX, 1);
    // Each batch takes and frees some blocks of half a megabyte. If these went back to the kernel each time,
    // their pages would have to be cleared for the next batch, which takes a quarter of the time of reading a
    // file. 32 MiB is the most that the first of the two accepts.
    ::mallopt(M_MMAP_THRESHOLD, 32 * kMiB);
    ::mallopt(M_TRIM_THRESHOLD, 64 * kMiB);
}

}  // namespace

int main() {
    struct stat link_status {};
    if (::fstat(proto::kWorkerLinkFd, &link_status) != 0 || !S_ISSOCK(link_status.st_mode)) {
        std::fputs(
            "packetsentry-worker: this program is started by packetsentryd and packetsentryctl, not by "
            "hand\n",
            stderr);
        return 1;
    }
    set_up_memory();
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);  // a file that may grow no more costs packets saved, not the capture
    worker::Link link{base::UniqueFd(proto::kWorkerLinkFd)};
    ::_exit(worker::Worker(link, kUnlisted).run());
}
