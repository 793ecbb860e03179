#include "daemon/loop/helper_thread.h"

#include <boost/asio/post.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace packetsentry::loop {

namespace asio = boost::asio;

struct HelperThread::State {
    explicit State(const asio::any_io_executor& of) : executor(of) {}

    void work() {
        std::unique_lock lock(mutex);
        for (;;) {
            more.wait(lock, [this] { return over || !calls.empty(); });
            if (over) return;
            const auto call = std::move(calls.front());
            calls.pop_front();
            lock.unlock();
            auto answer = call();
            lock.lock();
            // Under the lock: the loop is there as long as this is not over.
            if (!over) asio::post(executor, std::move(answer));
        }
    }

    asio::any_io_executor executor;
    std::mutex mutex;
    std::condition_variable more;
    std::deque<std::function<std::function<void()>()>> calls;
    bool over = false;
    bool running = false;
};

HelperThread::HelperThread(const asio::any_io_executor& executor)
    : executor_(executor), state_(std::make_shared<State>(executor)) {}

HelperThread::~HelperThread() {
    const std::lock_guard lock(state_->mutex);
    state_->over = true;
    state_->calls.clear();
    state_->more.notify_one();
}

bool HelperThread::run(std::function<std::function<void()>()> call) {
    const std::lock_guard lock(state_->mutex);
    if (state_->calls.size() >= kCallsLimit) return false;
    if (!state_->running) {
        try {
            std::thread([state = state_] { state->work(); }).detach();
        } catch (const std::system_error&) {
            return false;  // there is no thread to be had now; the next call tries again
        }
        state_->running = true;
    }
    state_->calls.push_back(std::move(call));
    state_->more.notify_one();
    return true;
}

}  // namespace packetsentry::loop
