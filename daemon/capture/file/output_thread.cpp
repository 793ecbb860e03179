#include "daemon/capture/file/output_thread.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/base/signals_blocked.h"

namespace packetsentry::capture {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSpares = 4;  // empty chunks whose memory is kept
// The thread looks ten times a second whether it was given up, unless the disk holds it up.
constexpr auto kToStop = 250ms;

}  // namespace

struct OutputThread::Shared {
    explicit Shared(std::shared_ptr<OutputFile> output) : file(std::move(output)) {}

    [[nodiscard]] bool written() const { return queue.empty() && !writes; }
    [[nodiscard]] bool idle() const { return written() && !sync_asked && !syncs; }
    // Nobody needs to wait for it.
    [[nodiscard]] bool stands_still() const { return wants_file || ended; }

    // These unlock the mutex while they work.
    [[nodiscard]] base::Result<void> write_one(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] base::Result<void> sync_once(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] base::Result<void> change_file(std::unique_lock<std::mutex>& lock);

    const std::shared_ptr<OutputFile> file;
    std::atomic<bool> given_up = false;

    mutable std::mutex mutex;  // for what follows
    std::condition_variable changed;
    std::deque<OutputChunk> queue;
    std::vector<OutputChunk> spares;
    bool started = false;
    bool writes = false;
    bool syncs = false;
    bool sync_asked = false;
    std::size_t before_sync = 0;  // chunks of the queue
    bool ended = false;
    bool wants_file = false;
    std::optional<base::Result<base::UniqueFd>> next_file;
    bool stays = false;  // the next chunk goes to the file that was to end
    base::Result<void> state;
};

OutputThread::OutputThread(std::shared_ptr<OutputFile> file)
    : shared_(std::make_shared<Shared>(std::move(file))) {
    shared_->spares.reserve(kSpares);
    const base::SignalsBlocked blocked;
    thread_ = std::thread([shared = shared_] { work(shared); });
    // What the thread needs of the kernel to begin is over by then.
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait(lock, [this] { return shared_->started; });
}

OutputThread::~OutputThread() {
    give_up();
    const std::unique_lock lock(shared_->mutex);
    if (shared_->ended)
        thread_.join();
    else
        thread_.detach();
}

OutputChunk OutputThread::give(OutputChunk chunk) {
    const std::lock_guard lock(shared_->mutex);
    OutputChunk empty;
    if (!shared_->spares.empty()) {
        empty = std::move(shared_->spares.back());
        shared_->spares.pop_back();
    }
    shared_->queue.push_back(std::move(chunk));
    shared_->changed.notify_all();
    return empty;
}

bool OutputThread::queue_is_empty() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->queue.empty();
}

bool OutputThread::wants_file() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->wants_file;
}

void OutputThread::give_file(base::Result<base::UniqueFd> next) {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->wants_file) return;
    shared_->wants_file = false;
    shared_->next_file = std::move(next);
    shared_->changed.notify_all();
}

void OutputThread::ask_sync() {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->sync_asked) shared_->before_sync = shared_->queue.size();
    shared_->sync_asked = true;
    shared_->changed.notify_all();
}

bool OutputThread::written_within(std::chrono::milliseconds time) {
    std::unique_lock lock(shared_->mutex);
    (void)shared_->changed.wait_for(lock, time,
                                    [this] { return shared_->written() || shared_->stands_still(); });
    return shared_->written() || shared_->ended;
}

bool OutputThread::done_within(std::chrono::milliseconds time) {
    std::unique_lock lock(shared_->mutex);
    (void)shared_->changed.wait_for(lock, time,
                                    [this] { return shared_->idle() || shared_->stands_still(); });
    return shared_->idle() || shared_->ended;
}

void OutputThread::give_up() {
    shared_->given_up = true;
    std::unique_lock lock(shared_->mutex);
    shared_->changed.notify_all();
    (void)shared_->changed.wait_for(lock, kToStop, [this] { return shared_->ended; });
}

base::Result<void> OutputThread::state() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->state;
}

base::Result<void> OutputThread::Shared::write_one(std::unique_lock<std::mutex>& lock) {
    OutputChunk chunk = std::move(queue.front());
    queue.pop_front();
    if (before_sync > 0) --before_sync;
    writes = true;
    lock.unlock();
    if (std::exchange(stays, false)) {
        file->leave_out(chunk.head_bytes);
        chunk.leave_out_head();
    }
    auto outcome = file->write(chunk, &given_up);
    if (outcome) file->begin_write_back();
    if (outcome && chunk.ends_output) outcome = file->complete(&given_up);
    const bool ends_file = chunk.ends_file;
    chunk.clear();
    lock.lock();
    if (outcome && ends_file) outcome = change_file(lock);
    writes = false;
    if (spares.size() < kSpares) spares.push_back(std::move(chunk));
    return outcome;
}

base::Result<void> OutputThread::Shared::change_file(std::unique_lock<std::mutex>& lock) {
    wants_file = !given_up;
    changed.notify_all();
    changed.wait(lock, [this] { return next_file || given_up; });
    wants_file = false;
    if (!next_file) return {};
    auto next = *std::exchange(next_file, std::nullopt);
    if (!next) return std::unexpected(std::move(next.error()));
    lock.unlock();
    stays = !*next;
    base::Result<void> outcome;
    if (stays)
        file->stay();
    else
        outcome = file->change_to(std::move(*next), true);
    lock.lock();
    return outcome;
}

base::Result<void> OutputThread::Shared::sync_once(std::unique_lock<std::mutex>& lock) {
    sync_asked = false;
    syncs = true;
    lock.unlock();
    auto outcome = file->sync();
    lock.lock();
    syncs = false;
    return outcome;
}

void OutputThread::work(const std::shared_ptr<Shared>& shared) {
    Shared& all = *shared;
    std::unique_lock lock(all.mutex);
    all.started = true;
    all.changed.notify_all();
    while (all.state && !all.given_up) {
        if (all.idle())
            all.changed.wait(lock);
        else if (all.sync_asked && all.before_sync == 0)
            all.state = all.sync_once(lock);
        else
            all.state = all.write_one(lock);
        all.changed.notify_all();
    }
    all.queue.clear();
    all.sync_asked = false;
    all.ended = true;
    all.changed.notify_all();
}

}  // namespace packetsentry::capture
