#include "proto/link/start_worker.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

#include "daemon/base/low_numbers.h"
#include "daemon/base/syscall.h"

namespace packetsentry::proto {
namespace {

#ifdef PACKETSENTRY_FORKS
// This is for Valgrind and ThreadSanitizer, which follow each call of a process and do not know one that
// shares another's memory. The worker then begins with a copy of everything, and the starting process does
// not learn why a program could not be started.
constexpr int kShared = 0;
#else
constexpr int kShared = CLONE_FILES | CLONE_VM | CLONE_VFORK;
#endif

constexpr rlim_t kMostDescriptors = 1 << 20;

// The new process reads this in the memory of the starting process, which it shares. The starting process
// waits until the program runs or has failed to start.
struct Birth {
    const char* path;
    int link;              // the worker's end
    int shared = kShared;  // with its maker
    int error = 0;         // why there is no program; 0: there is
    bool keeps_sharing =
        false;  // the table of descriptors, as close_range() was refused; nothing was changed
};

// Gives the worker a process group of its own, so that Ctrl-C in the client's terminal does not reach it, and
// signals as a fresh program has them.
bool detach_signals() {
    struct sigaction usual {};
    usual.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) (void)::sigaction(number, &usual, nullptr);
    sigset_t none;
    ::sigemptyset(&none);
    return ::setpgid(0, 0) == 0 && ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
}

// Gives the worker a table of descriptors of its own, before anything in it is changed. Every descriptor that
// is copied into it is closed in it, and closing somebody else's may take long (daemon/base/closing.h). So
// none of those is copied.
bool leave_descriptors(Birth& birth) {
    if ((birth.shared & CLONE_FILES) == 0 && kShared != 0) return true;
    const auto copied = static_cast<unsigned>((birth.link / base::kLowNumbers + 1) * base::kLowNumbers);
    birth.keeps_sharing = ::close_range(copied, ~0U, CLOSE_RANGE_UNSHARE) != 0;
    return !birth.keeps_sharing;
}

// Without /dev/null the directory above all others is there, which can be neither read nor written this way.
bool put_null(int stream, int flags) {
    int null = ::open("/dev/null", flags | O_CLOEXEC);
    if (null < 0) null = ::open("/", O_PATH | O_CLOEXEC);
    if (null == stream) return ::fcntl(stream, F_SETFD, 0) == 0;
    return null >= 0 && ::dup2(null, stream) == stream;
}

// Marks the descriptors one by one where close_range() cannot do it, because the kernel, or a container's
// filter of system calls, does not know that call.
bool close_when_the_program_begins(int first) {
    if (::close_range(static_cast<unsigned>(first), ~0U, CLOSE_RANGE_CLOEXEC) == 0) return true;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    const int end = static_cast<int>(std::min<rlim_t>(limit.rlim_max, kMostDescriptors));
    for (int fd = first; fd < end; ++fd) (void)::fcntl(fd, F_SETFD, FD_CLOEXEC);
    return true;
}

bool arrange_descriptors(const Birth& birth) {
    return put_null(0, O_RDONLY) && put_null(1, O_WRONLY) && put_null(2, O_WRONLY) &&
           ::dup2(birth.link, kWorkerLinkFd) == kWorkerLinkFd &&
           close_when_the_program_begins(kWorkerLinkFd + 1);
}

// Allocates nothing and throws nothing: the memory is its maker's.
int become_worker(void* argument) {
    Birth& birth = *static_cast<Birth*>(argument);
    std::array<char, 32> name{"packetsentry-worker"};
    const std::array<char*, 2> arguments{name.data(), nullptr};
    const std::array<char*, 1> environment{nullptr};
    if (leave_descriptors(birth) && arrange_descriptors(birth) && detach_signals())
        ::execve(birth.path, arguments.data(), environment.data());
    birth.error = errno;
    ::_exit(127);
}

// Makes the process as posix_spawn() does, but without copying all descriptors, as that does. Returns the
// child, or -1.
pid_t make_process(Birth& birth) {
    constexpr std::size_t kStackBytes = 64 * 1024;
    alignas(16) std::array<std::byte, kStackBytes> stack;
    // A handler of this process's must not run in the child, which has its memory.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::clone(become_worker, stack.data() + stack.size(), birth.shared | SIGCHLD, &birth);
    if (pid < 0) birth.error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0 || birth.error == 0) return pid;
    ::waitpid(pid, nullptr, 0);
    return -1;
}

// Where close_range() is refused (before Linux 5.9, and by filters of system calls that do not know it), the
// process begins with a copy of the whole table, as fork() makes it.
pid_t make_process_anywhere(Birth& birth) {
    const pid_t pid = make_process(birth);
    if (pid >= 0 || !birth.keeps_sharing) return pid;
    birth = {.path = birth.path, .link = birth.link, .shared = kShared & ~CLONE_FILES};
    return make_process(birth);
}

std::string advice(int error) {
    return error == EAGAIN
               ? "; this user, or this container, may have no more processes ('ulimit -u', pids.max)"
               : "";
}

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
                       "bad filter: it takes too long to compile; write fewer alternatives, or use ranges "
                       "and networks"};
}

base::Result<WorkerProcess> start_worker(const std::string& path) {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
        return base::fail(base::ErrorCode::internal, base::syscall_text("make the worker's link"));
    WorkerProcess worker{-1, base::UniqueFd(pair[0])};
    base::UniqueFd theirs(pair[1]);
    const base::LowDuplicate link(theirs.get());
    Birth birth{.path = path.c_str(), .link = link.get()};
    if (link.get() < 0) birth.error = errno;
    if (birth.error == 0) worker.pid = make_process_anywhere(birth);
    if (worker.pid < 0)
        return base::fail(base::ErrorCode::internal,
                          base::syscall_text("start " + path, birth.error) + advice(birth.error));
    // At once: while this end is open too, nobody would see that the worker's has closed.
    ::close(theirs.release());
    if (auto done = base::set_nonblocking(worker.link.get()); !done) return std::unexpected(done.error());
    return worker;
}

}  // namespace packetsentry::proto
