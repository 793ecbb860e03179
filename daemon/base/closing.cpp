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
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

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

// Threads that close what they are given, more of them while there is more to do.
class Closing {
  public:
    [[nodiscard]] bool begin() {
        const std::lock_guard lock(mutex_);
        return add_thread();
    }

    void take(int fd, Count count) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({fd, std::move(count)});
        // One without a thread waits for the others, which is better than the loop's waiting.
        if (idle_ < static_cast<int>(waiting_.size()) && threads_ < kThreads) (void)add_thread();
        more_.notify_one();
    }

  private:
    struct Waiting {
        int fd;
        Count count;  // or null
    };

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
            const Waiting next = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            close_soon(next.fd);
            if (next.count) --*next.count;
            lock.lock();
        }
        --threads_;
    }

    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<Waiting> waiting_;  // bounded by the process's limit on descriptors
    int idle_ = 0;
    int threads_ = 0;
};

// Those that are counted have threads of their own: where they hang, the rest does not wait behind them.
class Closings {
  public:
    void begin() {
        struct sigaction ignore {};
        ignore.sa_handler = [](int) {};  // without SA_RESTART
        ::sigaction(SIGURG, &ignore, nullptr);
        const bool begun = rest_.begin();
        on_ = counted_.begin() && begun;
    }

    [[nodiscard]] bool on() const { return on_; }

    void count(int fd, const Count& count) {
        ++*count;
        const std::lock_guard lock(mutex_);
        counts_.insert_or_assign(fd, count);
    }

    void take(int fd) {
        Count count = take_count(fd);
        if (on_ && count) return counted_.take(fd, std::move(count));
        if (on_) return rest_.take(fd, nullptr);
        ::close(fd);
        if (count) --*count;
    }

  private:
    Count take_count(int fd) {
        const std::lock_guard lock(mutex_);
        const auto found = counts_.extract(fd);
        return found ? found.mapped() : nullptr;
    }

    std::atomic<bool> on_ = false;
    Closing counted_;
    Closing rest_;
    std::mutex mutex_;
    std::map<int, Count> counts_;  // by descriptor
};

// Never destroyed: its threads run until the process ends.
Closings& closings() {
    static auto& closings = *new Closings;
    return closings;
}

}  // namespace

void close_elsewhere() {
    closings().begin();
}

void close_connection(int fd) {
    int unread = 1;
    // Shut, it can receive nothing more; and every descriptor passed through it came with a byte.
    if (closings().on() && ::shutdown(fd, SHUT_RDWR) == 0 && ::ioctl(fd, FIONREAD, &unread) == 0 &&
        unread == 0)
        ::close(fd);
    else
        close_descriptor(fd);
}

void count_until_closed(int fd, const Count& count) {
    closings().count(fd, count);
}

void close_descriptor(int fd) {
    closings().take(fd);
}

}  // namespace packetsentry::base
