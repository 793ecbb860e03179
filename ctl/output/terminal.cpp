#include "ctl/output/terminal.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

#include "ctl/output/stop_signal.h"
#include "ctl/output/text_output.h"

namespace packetsentry::ctl {
namespace {

constexpr std::size_t kRoom = 2UL << 20;
constexpr std::size_t kRoomForLines = kRoom + (256UL << 10);
// Small, so that a slow terminal is seen to take something.
constexpr std::size_t kPiece = 1024;
constexpr auto kLook = std::chrono::milliseconds(20);
constexpr auto kGrace = std::chrono::milliseconds(200);

struct Text {
    int fd;
    std::string bytes;
    std::uint64_t rows;
    std::size_t written = 0;

    // As if each row had as many lines as the others, which is not exact where fields or bytes are shown.
    [[nodiscard]] std::uint64_t rows_left() const {
        const auto lines = std::ranges::count(bytes, '\n');
        const auto left = std::count(bytes.begin() + static_cast<std::ptrdiff_t>(written), bytes.end(), '\n');
        if (lines == 0) return rows;
        return (rows * static_cast<std::uint64_t>(left) + static_cast<std::uint64_t>(lines) - 1) /
               static_cast<std::uint64_t>(lines);
    }
};

// Shared with the thread, which may still wait in write() when the program ends.
class Queue : public std::enable_shared_from_this<Queue> {
  public:
    static Queue& instance() {
        static const auto queue = std::make_shared<Queue>();
        return *queue;
    }

    bool put(int fd, std::string_view text, std::uint64_t rows) {
        const std::scoped_lock lock(mutex_);
        if (closed_ || !has_room(text.size(), rows)) return false;
        start();
        if (!started_) return !(closed_ = !write_piece(fd, text));
        waiting_ += text.size();
        texts_.push_back({fd, std::string(text), rows});
        changed_.notify_all();
        return true;
    }

    bool wait_for_room(std::size_t size) {
        std::unique_lock lock(mutex_);
        while (waiting_ != 0 && waiting_ + size > kRoom && !closed_ && StopSignal::count() == 0)
            changed_.wait_for(lock, kLook);
        return StopSignal::count() == 0;
    }

    bool idle() {
        const std::scoped_lock lock(mutex_);
        return texts_.empty();
    }
    bool closed() {
        const std::scoped_lock lock(mutex_);
        return closed_;
    }

    std::uint64_t drain() {
        std::unique_lock lock(mutex_);
        auto last = waiting_;
        auto since = std::chrono::steady_clock::now();
        while (!texts_.empty()) {
            changed_.wait_for(lock, kLook);
            const auto now = std::chrono::steady_clock::now();
            if (std::exchange(last, waiting_) != waiting_) since = now;
            if (StopSignal::count() != 0 && (given_up_ || now - since >= kGrace)) break;
        }
        given_up_ = !texts_.empty();
        return lost_rows_ + waiting_rows();
    }

  private:
    // Once it is full it takes rows again when half of it is free: one long gap is better than many short
    // ones.
    bool has_room(std::size_t size, std::uint64_t rows) {
        if (rows == 0) return waiting_ == 0 || waiting_ + size <= kRoomForLines;
        full_ = waiting_ != 0 && waiting_ + size > (full_ ? kRoom / 2 : kRoom);
        return !full_;
    }

    // Where there can be no thread, texts are written at once and may wait.
    void start() {
        if (started_ || refused_) return;
        try {
            std::thread([self = shared_from_this()] { self->run(); }).detach();
            started_ = true;
        } catch (const std::system_error&) {
            refused_ = true;
        }
    }

    // Signals are for the thread that can act on them.
    static void leave_signals() {
        sigset_t all;
        ::sigfillset(&all);
        ::sigdelset(&all, SIGTTOU);  // whoever wants programs in the background to stop there is obeyed
        ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    }

    [[noreturn]] void run() {
        leave_signals();
        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait(lock, [this] { return !texts_.empty(); });
            write_first(lock);
            changed_.notify_all();
        }
    }

    // A piece of it; nobody else takes texts off the queue.
    void write_first(std::unique_lock<std::mutex>& lock) {
        Text& text = texts_.front();
        const auto piece = std::string_view(text.bytes).substr(text.written, kPiece);
        lock.unlock();
        const bool taken = write_piece(text.fd, piece);
        lock.lock();
        text.written += piece.size();
        waiting_ -= piece.size();
        if (!taken)
            hang_up();
        else if (text.written == text.bytes.size())
            texts_.pop_front();
    }

    std::uint64_t waiting_rows() const {
        std::uint64_t rows = 0;
        for (const Text& text : texts_) rows += text.rows_left();
        return rows;
    }

    void hang_up() {
        closed_ = true;
        lost_rows_ = waiting_rows();
        texts_.clear();
        waiting_ = 0;
    }

    static bool write_piece(int fd, std::string_view piece) {
        return write_text(fd, piece, "the terminal").value_or(false);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Text> texts_;
    std::size_t waiting_ = 0;  // bytes that are not written
    std::uint64_t lost_rows_ = 0;
    bool full_ = false;  // of rows
    bool started_ = false;
    bool refused_ = false;
    bool given_up_ = false;  // it has taken nothing for so long that nobody waits for it again
    bool closed_ = false;
};

}  // namespace

bool Terminal::put(int fd, std::string_view text, std::uint64_t rows, Wait wait) {
    if (wait == Wait::for_room) (void)Queue::instance().wait_for_room(text.size());
    return Queue::instance().put(fd, text, rows);
}

void Terminal::tell(int fd, std::string_view text) {
    (void)Queue::instance().put(fd, text, 0);
}

bool Terminal::idle() {
    return Queue::instance().idle();
}

bool Terminal::closed() {
    return Queue::instance().closed();
}

std::uint64_t Terminal::drain() {
    return Queue::instance().drain();
}

bool is_terminal(int fd) {
    return ::isatty(fd) != 0;
}

}  // namespace packetsentry::ctl
