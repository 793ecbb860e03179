#include "daemon/base/closing.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace packetsentry::base {
namespace {

constexpr int kThreads = 32;  // one that hangs costs one
constexpr std::chrono::seconds kToLeave{2};
constexpr long kToLingerNs = 100'000'000;

// Interrupts this thread, again and again, while it lives: lingering ends with a signal.
class Alarm {
  public:
    Alarm() {
        sigevent event{};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = SIGURG;
        event._sigev_un._tid = static_cast<pid_t>(::syscall(SYS_gettid));
        if (::timer_create(CLOCK_MONOTONIC, &event, &timer_) != 0) return;
        const itimerspec times{{0, kToLingerNs}, {0, kToLingerNs}};
        made_ = ::timer_settime(timer_, 0, &times, nullptr) == 0;
    }
    ~Alarm() {
        if (made_) ::timer_delete(timer_);
    }
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

  private:
    timer_t timer_{};
    bool made_ = false;
};

void close_soon(int fd) {
    const linger none{0, 0};
    if (::setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none) != 0) {
        ::close(fd);
        return;
    }
    // What was passed through it may linger all the same.
    const Alarm alarm;
    ::close(fd);
}

class Closing {
  public:
    void begin() {
        struct sigaction ignore {};
        ignore.sa_handler = [](int) {};  // without SA_RESTART
        ::sigaction(SIGURG, &ignore, nullptr);
        const std::lock_guard lock(mutex_);
        on_ = add_thread();
    }

    [[nodiscard]] bool on() const { return on_; }

    void take(int fd) {
        if (!on_) {
            ::close(fd);
            return;
        }
        const std::lock_guard lock(mutex_);
        waiting_.push_back(fd);
        // One without a thread waits for the others, which is better than the loop's waiting.
        if (idle_ < static_cast<int>(waiting_.size()) && threads_ < kThreads) (void)add_thread();
        more_.notify_one();
    }

  private:
    bool add_thread() {
        try {
            std::thread([this] { run(); }).detach();
        } catch (const std::system_error&) {
            return false;
        }
        ++threads_;
        return true;
    }

    void run() {
        std::unique_lock lock(mutex_);
        for (;;) {
            ++idle_;
            const bool some = more_.wait_for(lock, kToLeave, [this] { return !waiting_.empty(); });
            --idle_;
            if (!some && threads_ > 1) break;
            if (!some) continue;
            const int fd = waiting_.front();
            waiting_.pop_front();
            lock.unlock();
            close_soon(fd);
            lock.lock();
        }
        --threads_;
    }

    std::atomic<bool> on_ = false;
    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<int> waiting_;  // bounded by the process's limit on descriptors
    int idle_ = 0;
    int threads_ = 0;
};

// Never destroyed: its threads run until the process ends.
Closing& closing() {
    static auto& closing = *new Closing;
    return closing;
}

}  // namespace

void close_elsewhere() {
    closing().begin();
}

void close_connection(int fd) {
    int unread = 1;
    // Shut, it can receive nothing more; and every descriptor passed through it came with a byte.
    if (closing().on() && ::shutdown(fd, SHUT_RDWR) == 0 && ::ioctl(fd, FIONREAD, &unread) == 0 &&
        unread == 0)
        ::close(fd);
    else
        close_descriptor(fd);
}

void close_descriptor(int fd) {
    closing().take(fd);
}

}  // namespace packetsentry::base
