#include "daemon/worker/system_calls.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <initializer_list>
#include <memory>

#include "daemon/base/syscall.h"
#include "proto/link/start_worker.h"

namespace packetsentry::worker {
namespace {

using base::Result;

// Reading, waiting, allocating, ending; what libc does by itself while it does these.
constexpr std::array kNeeded{
    SCMP_SYS(read),         SCMP_SYS(pread64),       SCMP_SYS(lseek),           SCMP_SYS(close),
    SCMP_SYS(poll),         SCMP_SYS(ppoll),         SCMP_SYS(restart_syscall),
    SCMP_SYS(getsockopt),   // the ring's counters
    SCMP_SYS(getsockname),  // is the interface still there?
    SCMP_SYS(brk),          SCMP_SYS(munmap),        SCMP_SYS(mremap),          SCMP_SYS(madvise),
    SCMP_SYS(futex),        SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),  // malloc's own
    SCMP_SYS(getpid),       SCMP_SYS(gettid),        SCMP_SYS(sched_yield),     SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sigaltstack),  SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigprocmask),  SCMP_SYS(rt_sigreturn),
    SCMP_SYS(exit),         SCMP_SYS(exit_group),
};

// Until the sandbox is sealed.
constexpr std::array kNeededToBegin{
    SCMP_SYS(setitimer),
    SCMP_SYS(seccomp),
};

// libc opens files by itself (time zone, locale, a message of abort()): to it they are not there.
constexpr std::array kUnopened{
    SCMP_SYS(open),       SCMP_SYS(openat), SCMP_SYS(stat),
    SCMP_SYS(newfstatat), SCMP_SYS(access), SCMP_SYS(readlink),
};

// The kernel never refuses this one. So a refusal, with an error that nothing else gives for it, proves that
// calls are judged by these tables, and not only by a filter that whoever started this process has set.
constexpr int kProbe = SCMP_SYS(getppid);
constexpr int kProbeError = ECANCELED;

// clang-format off
constexpr std::array kDeadly{
    // other processes
    SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo),
    SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_send_signal), SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(process_madvise), SCMP_SYS(kcmp),
    SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(execve), SCMP_SYS(execveat),
    SCMP_SYS(prlimit64), SCMP_SYS(setrlimit), SCMP_SYS(sched_setscheduler),
    SCMP_SYS(sched_setattr), SCMP_SYS(sched_setaffinity), SCMP_SYS(personality),
    // sockets, and other ways to send
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(bind), SCMP_SYS(connect), SCMP_SYS(listen),
    SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(sendto), SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg),
    SCMP_SYS(shutdown), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(pwritev), SCMP_SYS(pwritev2),
    SCMP_SYS(splice), SCMP_SYS(vmsplice), SCMP_SYS(tee), SCMP_SYS(sendfile), SCMP_SYS(copy_file_range),
    SCMP_SYS(io_setup), SCMP_SYS(io_submit), SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    // descriptors under another number
    SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3),
    // files
    SCMP_SYS(openat2), SCMP_SYS(open_by_handle_at), SCMP_SYS(creat), SCMP_SYS(truncate), SCMP_SYS(unlink),
    SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(link),
    SCMP_SYS(linkat), SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(mkdir), SCMP_SYS(mkdirat),
    SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(fchmodat),
    SCMP_SYS(chown), SCMP_SYS(fchown), SCMP_SYS(fchownat), SCMP_SYS(chdir), SCMP_SYS(fchdir),
    SCMP_SYS(chroot), SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(open_tree),
    SCMP_SYS(move_mount), SCMP_SYS(memfd_create), SCMP_SYS(inotify_init1), SCMP_SYS(fanotify_init),
    // the kernel's own
    SCMP_SYS(setns), SCMP_SYS(unshare), SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
    SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(init_module), SCMP_SYS(finit_module),
    SCMP_SYS(kexec_load), SCMP_SYS(reboot), SCMP_SYS(modify_ldt), SCMP_SYS(setuid), SCMP_SYS(setgid),
    SCMP_SYS(setreuid), SCMP_SYS(setregid), SCMP_SYS(setresuid), SCMP_SYS(setresgid), SCMP_SYS(setgroups),
    SCMP_SYS(capset),
};
// clang-format on

// Once sealed. libpcap would change its socket while it closes it: so a worker ends without.
constexpr std::array kDeadlyWhenSealed{
    SCMP_SYS(setsockopt), SCMP_SYS(setitimer), SCMP_SYS(seccomp), SCMP_SYS(prctl), SCMP_SYS(setpriority),
};

// Remembers the first rule that was not taken.
class Rules {
  public:
    explicit Rules(std::uint32_t otherwise) : otherwise_(otherwise), context_(::seccomp_init(otherwise)) {
        if (context_ == nullptr) error_ = ENOMEM;
        take(::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_NNP, 0));  // privileges.h has set it
        take(::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_TSYNC, 1));
        take(::seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
        // A tree of comparisons rather than a row of them.
        take(::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2));
    }

    template <std::size_t Size>
    void add(const std::array<int, Size>& calls, std::uint32_t action) {
        for (const int call : calls) add(call, action);
    }
    // Calls that this architecture does not have are none to forbid.
    void add(int call, std::uint32_t action, std::initializer_list<scmp_arg_cmp> conditions = {}) {
        if (call == __NR_SCMP_ERROR || error_ != 0 || action == otherwise_) return;
        take(::seccomp_rule_add_array(context_.get(), action, call, static_cast<unsigned>(conditions.size()),
                                      conditions.begin()));
    }
    // Allowed where the condition holds, the end where its opposite does.
    void only(int call, scmp_arg_cmp condition, scmp_arg_cmp opposite) {
        add(call, SCMP_ACT_ALLOW, {condition});
        add(call, SCMP_ACT_KILL_PROCESS, {opposite});
    }

    [[nodiscard]] Result<void> load() {
        if (error_ == 0) take(::seccomp_load(context_.get()));
        if (error_ == 0) return {};
        return base::fail(base::ErrorCode::internal, base::syscall_text("restrict system calls", error_));
    }

  private:
    struct Release {
        void operator()(void* context) const { ::seccomp_release(context); }
    };
    void take(int result) {
        if (error_ == 0 && result < 0) error_ = -result;
    }

    std::uint32_t otherwise_;
    std::unique_ptr<void, Release> context_;
    int error_ = 0;
};

constexpr scmp_datum_t datum(int value) {
    return static_cast<scmp_datum_t>(value);
}

constexpr scmp_arg_cmp argument(unsigned number, scmp_compare how, scmp_datum_t value,
                                scmp_datum_t masked = 0) {
    return {number, how, value, masked};
}

// What the spool has can only be appended to, so not even its files may be truncated.
void add_by_descriptor(Rules& rules, const Sandbox& sandbox) {
    const scmp_datum_t last = datum(sandbox.last_writable);
    for (const int call : {SCMP_SYS(write), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(sync_file_range)})
        rules.only(call, argument(0, SCMP_CMP_LE, last), argument(0, SCMP_CMP_GT, last));
    const scmp_datum_t output = datum(sandbox.output);
    if (sandbox.outputs == 1) {
        rules.only(SCMP_SYS(ftruncate), argument(0, SCMP_CMP_EQ, output), argument(0, SCMP_CMP_NE, output));
    } else {
        rules.only(SCMP_SYS(ftruncate), argument(0, SCMP_CMP_EQ, output), argument(0, SCMP_CMP_LT, output));
        rules.only(SCMP_SYS(ftruncate), argument(0, SCMP_CMP_EQ, output + 1),
                   argument(0, SCMP_CMP_GT, output + 1));
    }
    for (const int call : {SCMP_SYS(sendmsg), SCMP_SYS(recvmsg)})
        rules.only(call, argument(0, SCMP_CMP_EQ, datum(proto::kWorkerLinkFd)),
                   argument(0, SCMP_CMP_NE, datum(proto::kWorkerLinkFd)));
}

void add_by_argument(Rules& rules) {
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
        rules.only(call, argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                   argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
    // abort() signals itself.
    rules.only(SCMP_SYS(tgkill), argument(0, SCMP_CMP_EQ, datum(::getpid())),
               argument(0, SCMP_CMP_NE, datum(::getpid())));
    // The thread that compiles a filter lowers itself. Any other process of this user, the daemon's among
    // them, could not be raised again.
    const auto process = argument(0, SCMP_CMP_EQ, PRIO_PROCESS);
    rules.add(SCMP_SYS(setpriority), SCMP_ACT_ALLOW, {process, argument(1, SCMP_CMP_EQ, 0)});
    rules.add(SCMP_SYS(setpriority), SCMP_ACT_KILL_PROCESS, {process, argument(1, SCMP_CMP_NE, 0)});
    rules.add(SCMP_SYS(setpriority), SCMP_ACT_KILL_PROCESS, {argument(0, SCMP_CMP_NE, PRIO_PROCESS)});
    for (const int request : {SIOCGIFNAME, SIOCGIFFLAGS})
        rules.add(SCMP_SYS(ioctl), SCMP_ACT_ALLOW, {argument(1, SCMP_CMP_EQ, datum(request))});
    for (const int command : {F_DUPFD, F_DUPFD_CLOEXEC})
        rules.add(SCMP_SYS(fcntl), SCMP_ACT_KILL_PROCESS, {argument(1, SCMP_CMP_EQ, datum(command))});
    for (const int option : {SO_ATTACH_FILTER, SO_LOCK_FILTER})
        rules.add(SCMP_SYS(setsockopt), SCMP_ACT_ALLOW,
                  {argument(1, SCMP_CMP_EQ, SOL_SOCKET), argument(2, SCMP_CMP_EQ, datum(option))});
}

Result<void> prove_restricted() {
    errno = 0;
    if (::syscall(kProbe) == -1 && errno == kProbeError) return {};
    return base::fail(base::ErrorCode::internal, "the restriction of system calls is not in effect");
}

}  // namespace

Result<void> restrict_system_calls(const Sandbox& sandbox) {
    const bool deadly = sandbox.unlisted == Unlisted::deadly;
    Rules rules(deadly ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(ENOSYS));
    rules.add(kNeeded, SCMP_ACT_ALLOW);
    rules.add(kNeededToBegin, SCMP_ACT_ALLOW);
    if (!deadly) rules.add(kUnopened, SCMP_ACT_ERRNO(EACCES));
    rules.add(kDeadly, SCMP_ACT_KILL_PROCESS);
    add_by_descriptor(rules, sandbox);
    add_by_argument(rules);
    rules.add(kProbe, SCMP_ACT_ERRNO(kProbeError));
    if (auto loaded = rules.load(); !loaded) return loaded;
    return prove_restricted();
}

Result<void> forbid_socket_changes() {
    Rules rules(SCMP_ACT_ALLOW);
    rules.add(kDeadlyWhenSealed, SCMP_ACT_KILL_PROCESS);
    return rules.load();
}

}  // namespace packetsentry::worker
