#include "daemon/base/closing.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

#ifdef SO_PASSRIGHTS
constexpr int kPassRights = SO_PASSRIGHTS;
#else
constexpr int kPassRights = 83;  // of newer kernels than these headers
#endif

// Each descriptor whose close() hangs occupies one of these threads.
constexpr int kThreads = 32;
constexpr int kCountedThreads = 128;
constexpr int kThreadsOfACount = 4;
constexpr std::chrono::seconds kToLeave{2};
constexpr long kToLingerNs = 50'000'000;

// Interrupts the thread that made it, again and again while it is on: lingering ends with a signal.
class Alarm {
  public:
    Alarm() {
        sigevent event{};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = SIGURG;
        event._sigev_un._tid = static_cast<pid_t>(::syscall(SYS_gettid));
        made_ = ::timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0;
    }
    ~Alarm() {
        if (made_) ::timer_delete(timer_);
    }
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    void on() const { set(kToLingerNs); }
    void off() const { set(0); }

  private:
    void set(long nanoseconds) const {
        const itimerspec times{{0, nanoseconds}, {0, nanoseconds}};
        if (made_) ::timer_settime(timer_, 0, &times, nullptr);
    }

    timer_t timer_{};
    bool made_ = false;
};

// Tells whether closing fd may linger: fd is a socket, so it lingers itself, or a descriptor that was passed
// through it does. This asks nobody, not even the socket, because somebody else may hold the socket's lock
// for as long as they like.
bool may_linger(int fd) {
    struct statx status {};
    return ::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) == 0 &&
           S_ISSOCK(status.stx_mode);
}

// Closes fd, and interrupts this with signals only where fd is a socket: a file system may take a signal as
// the wish to give up what is still to be written.
void close_soon(int fd, const Alarm& alarm) {
    const bool lingers = may_linger(fd);
    if (lingers) alarm.on();
    ::close(fd);
    if (lingers) alarm.off();
}

// Threads that close what they are given, more of them while there is more to do: so many in all, and so many
// of them for what has the same count.
class Closing {
  public:
    Closing(int threads, int threads_of_a_count) : most_(threads), most_of_a_count_(threads_of_a_count) {}

    [[nodiscard]] bool begin() {
        const std::lock_guard lock(mutex_);
        return add_thread();
    }

    void take(int fd, const Count& count) {
        const std::lock_guard lock(mutex_);
        Share& share = shares_[count];
        if (share.begun == most_of_a_count_) return share.later.push_back(fd);
        ++share.begun;
        begun_.push_back({fd, count});
        // One without a thread waits for the others, which is better than the loop's waiting.
        if (idle_ < static_cast<int>(begun_.size()) && threads_ < most_) (void)add_thread();
        more_.notify_one();
    }

  private:
    struct Descriptor {
        int fd;
        Count count;  // or null
    };
    // The descriptors that have the same count. Their number is bounded, like that of begun_, by the
    // process's limit on descriptors.
    struct Share {
        int begun = 0;
        std::deque<int> later;
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
        const Alarm alarm;
        std::unique_lock lock(mutex_);
        for (;;) {
            ++idle_;
            const bool some = more_.wait_for(lock, kToLeave, [this] { return !begun_.empty(); });
            --idle_;
            if (!some && threads_ > 1) break;
            if (!some) continue;
            const Descriptor next = std::move(begun_.front());
            begun_.pop_front();
            lock.unlock();
            close_soon(next.fd, alarm);
            if (next.count) --*next.count;
            lock.lock();
            follow(next.count);
        }
        --threads_;
    }

    // One of this count has closed.
    void follow(const Count& count) {
        const auto share = shares_.find(count);
        std::deque<int>& later = share->second.later;
        if (!later.empty()) {
            begun_.push_back({later.front(), count});
            later.pop_front();
        } else if (--share->second.begun == 0) {
            shares_.erase(share);
        }
    }

    const int most_;
    const int most_of_a_count_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<Descriptor> begun_;  // or about to, by the next thread that is free
    std::map<Count, Share> shares_;
    int idle_ = 0;
    int threads_ = 0;
};

// Counted descriptors have threads of their own, so that the others do not wait behind those that hang.
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

    [[nodiscard]] Count count_of(int fd) {
        const std::lock_guard lock(mutex_);
        const auto found = counts_.find(fd);
        return found != counts_.end() ? found->second : nullptr;
    }

    void take(int fd) {
        if (!on_) return close_now(fd);
        const Count count = take_count(fd);
        (count ? counted_ : rest_).take(fd, count);
    }

    void close_now(int fd) {
        const Count count = take_count(fd);
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
    Closing counted_{kCountedThreads, kThreadsOfACount};
    Closing rest_{kThreads, kThreads};
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

bool takes_descriptors(int socket) {
    int taken = 1;
    socklen_t size = sizeof taken;
    return ::getsockopt(socket, SOL_SOCKET, kPassRights, &taken, &size) != 0 || taken != 0;
}

void take_descriptors(int socket, bool taken) {
    const int on = taken ? 1 : 0;
    ::setsockopt(socket, SOL_SOCKET, kPassRights, &on, sizeof on);
}

void close_connection(int fd) {
    int unread = 1;
    // Shut, it can receive nothing more; and every descriptor passed through it came with a byte.
    const bool empty = ::shutdown(fd, SHUT_RDWR) == 0 && ::ioctl(fd, FIONREAD, &unread) == 0 && unread == 0;
    if (closings().on() && (empty || !takes_descriptors(fd)))
        closings().close_now(fd);
    else
        close_descriptor(fd);
}

void count_until_closed(int fd, const Count& count) {
    if (count) closings().count(fd, count);
}

Count count_of(int fd) {
    return closings().count_of(fd);
}

void close_descriptor(int fd) {
    closings().take(fd);
}

}  // namespace packetsentry::base
