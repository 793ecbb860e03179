#include "daemon/worker/sandbox.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "daemon/base/syscall.h"
#include "daemon/worker/system_calls.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;

// Programs and libraries map some 100 MiB; batches, buffers and an output's backlog are a fraction of the
// rest, which a filter's compilation may need.
constexpr std::uint64_t kMemory = 768ULL << 20;
constexpr int kDescriptorsLookedAt = 1024;

int highest_descriptor() {
    for (int fd = kDescriptorsLookedAt; fd > 0; --fd)
        if (::fcntl(fd, F_GETFD) >= 0) return fd;
    return 0;
}

// Numbers that libraries have freed again would be room for another descriptor.
Result<void> take_free_numbers(int highest) {
    for (;;) {
        const int fd = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        if (fd < 0 && errno == EMFILE) return {};  // whoever started this process allows no more
        if (fd < 0) return base::syscall_failed("fill the table of descriptors");
        if (fd < highest) continue;
        ::close(fd);
        return {};
    }
}

// A limit that is lower already stays: it was set by whoever started this process, and could not be raised.
Result<void> limit(__rlimit_resource resource, rlim_t most, const char* attempted) {
    rlimit both{};
    if (::getrlimit(resource, &both) != 0) return base::syscall_failed(attempted);
    both = {std::min(both.rlim_cur, most), std::min(both.rlim_max, most)};
    if (::setrlimit(resource, &both) != 0) return base::syscall_failed(attempted);
    return {};
}

bool restricts(const Sandbox& sandbox) {
    return sandbox.unlisted == Unlisted::refused || sandbox.unlisted == Unlisted::deadly;
}

Result<void> limit_resources(const Sandbox& sandbox) {
    const int highest = highest_descriptor();
    if (auto taken = take_free_numbers(highest); !taken) return taken;
    // poll(2) takes no more descriptors than this, so it cannot be 0.
    if (auto set = limit(RLIMIT_NOFILE, static_cast<rlim_t>(highest) + 1, "limit descriptors"); !set)
        return set;
    if (auto set = limit(RLIMIT_NPROC, 0, "limit processes"); !set) return set;
    if (auto set = limit(RLIMIT_CORE, 0, "limit core files"); !set) return set;
    if (!restricts(sandbox)) return {};
    if (sandbox.file_bytes != 0) {
        if (auto set = limit(RLIMIT_FSIZE, sandbox.file_bytes, "limit files"); !set) return set;
    }
    return limit(RLIMIT_AS, kMemory + sandbox.ring_bytes + sandbox.flow_bytes, "limit memory");
}

Result<void> set_clock(int seconds) {
    const itimerval budget{{}, {seconds, 0}};
    if (::setitimer(ITIMER_PROF, &budget, nullptr) != 0)
        return base::syscall_failed("limit the filter's time");
    return {};
}

}  // namespace

Result<void> enter_sandbox(const Sandbox& sandbox) {
    if (sandbox.unlisted == Unlisted::unlimited) return {};
    if (auto limited = limit_resources(sandbox); !limited) return limited;
    if (auto set = set_clock(kCompileSeconds); !set) return set;
    if (!restricts(sandbox)) return {};
    return restrict_system_calls(sandbox);
}

Result<void> seal_sandbox(const Sandbox& sandbox) {
    if (auto stopped = set_clock(0); !stopped) return stopped;
    if (!restricts(sandbox)) return {};
    return forbid_socket_changes();
}

}  // namespace packetsentry::worker
