#include "daemon/workers/child.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

#include "daemon/base/syscall.h"
#include "daemon/loop/change_event.h"
#include "daemon/loop/sleeper.h"

namespace packetsentry::workers {

namespace asio = boost::asio;

namespace {

// By number: the library's header for them lacks C linkage in glibc 2.36.
int open_pidfd(pid_t pid) {
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

void kill_by(int pidfd) {
    ::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0);
}

}  // namespace

struct Child::State : std::enable_shared_from_this<State> {
    State(const asio::any_io_executor& executor, pid_t child, int fd) : pid(child), pidfd(executor, fd) {}

    void reap_when_ended() {
        pidfd.async_wait(asio::posix::descriptor_base::wait_read,
                         [self = shared_from_this()](const boost::system::error_code&) { self->reap(); });
    }

    void reap() {
        siginfo_t info{};
        if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG) != 0)
            exit.how = base::syscall_text("wait for it");
        else if (info.si_pid == 0)
            return reap_when_ended();
        else if (info.si_code == CLD_EXITED)
            exit.how = "exited with status " + std::to_string(info.si_status);
        else
            exit = {"was killed by signal " + std::to_string(info.si_status) + " (" +
                        ::strsignal(info.si_status) + ")",
                    info.si_status};
        held.clear();
        over.notify();
    }

    pid_t pid;
    asio::posix::stream_descriptor pidfd;
    Exit exit;  // how is empty while it runs
    loop::ChangeEvent over;
    std::vector<std::shared_ptr<const void>> held;
};

Child::Child(const asio::any_io_executor& executor, pid_t pid) {
    const int fd = open_pidfd(pid);
    if (fd < 0) {
        // Without it nobody would reap the child: give the start up.
        const int error = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        const bool lacks = error == ENOSYS || error == EPERM;
        throw std::runtime_error(
            base::syscall_text("watch a worker", error) +
            (lacks ? "; packetsentryd needs pidfd_open(2), which a kernel before Linux 5.3 "
                     "or a container's filter of system calls refuses"
                   : ""));
    }
    state_ = std::make_shared<State>(executor, pid, fd);
    state_->reap_when_ended();
}

Child::~Child() {
    if (state_) kill();
}

pid_t Child::pid() const {
    return state_->pid;
}

void Child::kill() {
    if (state_->exit.how.empty()) kill_by(state_->pidfd.native_handle());
}

void Child::hold(std::shared_ptr<const void> what) {
    if (state_->exit.how.empty()) state_->held.push_back(std::move(what));
}

asio::awaitable<std::optional<Exit>> Child::ended(std::chrono::steady_clock::time_point deadline) {
    const auto state = state_;
    loop::Sleeper sleeper(state->pidfd.get_executor(), state->over);
    const auto over = [&] { return !state->exit.how.empty(); };
    co_await sleeper.until(over, deadline);
    if (state->exit.how.empty()) co_return std::nullopt;
    co_return state->exit;
}

}  // namespace packetsentry::workers
