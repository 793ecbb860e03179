#include "daemon/jobs/late_writes.h"

#include <condition_variable>
#include <map>
#include <system_error>
#include <thread>

namespace packetsentry::jobs {

struct LateWrites::State {
    explicit State(base::StateDirectory of) : directory(std::move(of)) {}

    void work() {
        std::unique_lock lock(mutex);
        while (!over) {
            if (waiting.empty()) {
                more.wait(lock);
                continue;
            }
            lock.unlock();
            write_one();
            lock.lock();
        }
    }

    // Whoever holds the first lock knows that nothing is being written that waits no more.
    void write_one() {
        const std::lock_guard is_writing(writing);
        std::unique_lock lock(mutex);
        if (over || waiting.empty()) return;
        const auto next = waiting.extract(waiting.begin());
        lock.unlock();
        if (!next.mapped()) return directory.touch(next.key());
        const auto written = directory.replace_file(next.key(), *next.mapped());
        lock.lock();
        if (!written) error = written.error();
    }

    const base::StateDirectory directory;
    std::mutex writing;  // while a file is written; locked before the other
    std::mutex mutex;    // for what follows
    std::condition_variable more;
    std::map<std::string, std::optional<std::string>> waiting;  // by name; without bytes the time is set
    std::optional<base::Error> error;
    bool over = false;
    bool running = false;
};

LateWrites::LateWrites(base::StateDirectory directory)
    : state_(std::make_shared<State>(std::move(directory))) {}

LateWrites::~LateWrites() {
    const std::lock_guard lock(state_->mutex);
    state_->over = true;
    state_->waiting.clear();
    state_->more.notify_one();
}

void LateWrites::replace(const std::string& name, std::string bytes) {
    wait_for_thread(name, std::move(bytes));
}

void LateWrites::touch(const std::string& name) {
    wait_for_thread(name, std::nullopt);
}

void LateWrites::wait_for_thread(const std::string& name, std::optional<std::string> bytes) {
    const std::lock_guard lock(state_->mutex);
    auto& waiting = state_->waiting[name];
    if (bytes) waiting = std::move(bytes);  // who replaces a file also sets its time
    if (!state_->running) {
        try {
            std::thread([state = state_] { state->work(); }).detach();
            state_->running = true;
        } catch (const std::system_error&) {
            return;  // there is no thread to be had now; the next call tries again
        }
    }
    state_->more.notify_one();
}

std::optional<base::Error> LateWrites::take_error() {
    const std::lock_guard lock(state_->mutex);
    return std::exchange(state_->error, std::nullopt);
}

std::unique_lock<std::mutex> LateWrites::forget(const std::string& name) {
    std::unique_lock writing(state_->writing);
    const std::lock_guard lock(state_->mutex);
    state_->waiting.erase(name);
    return writing;
}

}  // namespace packetsentry::jobs
