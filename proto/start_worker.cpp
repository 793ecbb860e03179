#include "proto/start_worker.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "daemon/base/syscall.h"

namespace packetsentry::proto {
namespace {

// posix_spawn's two settings objects, destroyed on every path.
struct SpawnSettings {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    SpawnSettings() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
    }
    ~SpawnSettings() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;

    // A process group of its own, so that Ctrl-C in the client's terminal does not reach the worker;
    // signals as a fresh program has them.
    void detach_signals() {
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        ::posix_spawnattr_setflags(&attributes,
                                   POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
};

}  // namespace

base::Result<std::string> find_worker() {
    auto directory = base::executable_directory();
    if (!directory) return directory;
    for (const char* candidate : {"/packetsentry-worker", "/../libexec/packetsentry/packetsentry-worker"}) {
        std::string path = *directory + candidate;
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return base::fail(base::ErrorCode::internal,
                      "cannot find packetsentry-worker beside this program or in ../libexec/packetsentry; "
                      "install it again");
}

std::optional<base::Error> told_by_signal(int signal) {
    if (signal != SIGPROF) return std::nullopt;
    return base::Error{base::ErrorCode::filter,
                       "bad filter: it takes too long to compile; write fewer alternatives, or ranges and "
                       "networks in their place"};
}

base::Result<WorkerProcess> start_worker(const std::string& path) {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
        return base::fail(base::ErrorCode::internal, base::syscall_text("make the worker's link"));
    WorkerProcess worker{-1, base::UniqueFd(pair[0])};
    base::UniqueFd theirs(pair[1]);
    // dup2 onto itself would keep close-on-exec.
    if (theirs.get() == kWorkerLinkFd) theirs.reset(::fcntl(pair[1], F_DUPFD_CLOEXEC, kWorkerLinkFd + 1));

    SpawnSettings settings;
    settings.detach_signals();
    ::posix_spawn_file_actions_addopen(&settings.actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&settings.actions, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&settings.actions, 2, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&settings.actions, theirs.get(), kWorkerLinkFd);

    // Marked here, closed when the program begins: before that this process waits for the new one, and a
    // descriptor may take long to close (daemon/base/closing.h).
    if (::close_range(kWorkerLinkFd + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        return base::fail(base::ErrorCode::internal, base::syscall_text("keep descriptors from the worker"));

    std::string name = "packetsentry-worker";
    const std::array<char*, 2> arguments{name.data(), nullptr};
    const std::array<char*, 1> environment{nullptr};
    const int error = ::posix_spawn(&worker.pid, path.c_str(), &settings.actions, &settings.attributes,
                                    arguments.data(), environment.data());
    if (error != 0) return base::fail(base::ErrorCode::internal, base::syscall_text("start " + path, error));
    if (auto done = base::set_nonblocking(worker.link.get()); !done) return std::unexpected(done.error());
    return worker;
}

}  // namespace packetsentry::proto
