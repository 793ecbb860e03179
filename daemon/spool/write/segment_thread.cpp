#include "daemon/spool/write/segment_thread.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "daemon/base/signals_blocked.h"
#include "daemon/spool/write/append_file.h"

namespace packetsentry::spool {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSpares = 4;  // empty chunks whose memory is kept
constexpr auto kToStop = 250ms;     // a thread that does not hang in a write ends sooner
// A sync is done in parts, so that what comes meanwhile is written too, unless that takes longer than this.
constexpr auto kToSync = 500ms;
constexpr auto kToEnd = 3s;

}  // namespace

struct SegmentThread::Segment {
    explicit Segment(FilesToFill files)
        : has_packets(files.packets.get() >= 0),
          rows(std::move(files.rows)),
          packets(std::move(files.packets)),
          news{.counter = files.counter} {}

    const bool has_packets;
    // The thread alone uses these.
    AppendFile rows;
    AppendFile packets;
    // These are under the mutex.
    SegmentNews news;
    SegmentProgress synced;

    [[nodiscard]] base::Result<bool> settle_part() {
        auto settles = packets.settle_part();
        return !settles || *settles ? settles : rows.settle_part();
    }
    [[nodiscard]] base::Result<void> sync() {
        if (auto synced_packets = packets.sync(); !synced_packets) return synced_packets;
        return rows.sync();
    }
    void close() {
        rows.close();
        packets.close();
    }
};

struct SegmentThread::Item {
    enum class What { packets, rows, sync, end };

    What what = What::sync;
    std::shared_ptr<Segment> segment = {};
    capture::OutputChunk chunk = {};
    SegmentProgress progress = {};  // with these rows

    [[nodiscard]] bool syncs() const { return what == What::sync || what == What::end; }
};

struct SegmentThread::Shared {
    using Clock = std::chrono::steady_clock;

    std::atomic<bool> given_up = false;
    std::atomic<std::uint64_t> bytes_waiting = 0;

    mutable std::mutex mutex;  // for what follows
    std::condition_variable changed;
    std::deque<Item> queue;
    // Behind what was to be written before them. Each has time until then to be done in parts.
    std::deque<std::pair<Item, Clock::time_point>> syncs;
    bool part_before = false;  // the thread has just done a part, and what waits comes next
    std::vector<capture::OutputChunk> spares;
    std::vector<std::shared_ptr<Segment>> segments;  // that were begun and not yet told as ended
    bool started = false;
    bool works = false;
    bool ended = false;

    [[nodiscard]] bool to_do() const { return !queue.empty() || !syncs.empty(); }
    [[nodiscard]] bool idle() const { return !to_do() && !works; }

    // These unlock the mutex while they work.
    void do_one(std::unique_lock<std::mutex>& lock);
    void write(std::unique_lock<std::mutex>& lock, Item item);
    void sync_part(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] bool syncs_next() const;
    [[nodiscard]] base::Result<void> perform(Item& item) const;
    static void note(const Item& item, const base::Result<void>& outcome);
};

void SegmentThread::Shared::do_one(std::unique_lock<std::mutex>& lock) {
    if (syncs_next()) return sync_part(lock);
    part_before = false;
    Item item = std::move(queue.front());
    queue.pop_front();
    if (!item.syncs()) return write(lock, std::move(item));
    const auto time = item.what == Item::What::end ? Clock::duration(kToEnd) : Clock::duration(kToSync);
    syncs.emplace_back(std::move(item), Clock::now() + time);
}

// While much waits, only what has no more time.
bool SegmentThread::Shared::syncs_next() const {
    if (syncs.empty()) return false;
    if (queue.empty() || Clock::now() >= syncs.front().second) return true;
    return !part_before && bytes_waiting < AppendFile::kBusy;
}

// A segment that has ended has failed: its owner has not noticed yet.
void SegmentThread::Shared::write(std::unique_lock<std::mutex>& lock, Item item) {
    works = true;
    if (!item.segment->news.ended) {
        lock.unlock();
        const auto outcome = perform(item);
        if (!outcome) item.segment->close();
        lock.lock();
        note(item, outcome);
    }
    works = false;
    bytes_waiting -= item.chunk.bytes.size();
    item.chunk.clear();
    const bool has_memory = item.chunk.bytes.capacity() != 0;
    if (has_memory && spares.size() < kSpares) spares.push_back(std::move(item.chunk));
}

void SegmentThread::Shared::sync_part(std::unique_lock<std::mutex>& lock) {
    const Item item = syncs.front().first;
    const bool has_time = Clock::now() < syncs.front().second;
    Segment& segment = *item.segment;
    part_before = true;
    if (segment.news.ended) return syncs.pop_front();
    works = true;
    lock.unlock();
    const auto settles = has_time ? segment.settle_part() : base::Result<bool>(false);
    base::Result<void> outcome;
    if (!settles)
        outcome = std::unexpected(settles.error());
    else if (!*settles)
        outcome = segment.sync();
    const bool done = !settles || !*settles;
    if (!outcome || (done && item.what == Item::What::end)) segment.close();
    lock.lock();
    works = false;
    if (!done) return;
    note(item, outcome);
    syncs.pop_front();
}

base::Result<void> SegmentThread::Shared::perform(Item& item) const {
    AppendFile& file = item.what == Item::What::rows ? item.segment->rows : item.segment->packets;
    auto appended = file.append(item.chunk.bytes);
    if (appended) file.begin_write_back(bytes_waiting);
    return appended;
}

// What was written since the last sync may be lost when a sync has failed, whatever a later one says.
void SegmentThread::Shared::note(const Item& item, const base::Result<void>& outcome) {
    SegmentNews& news = item.segment->news;
    if (!outcome) {
        news.failure = outcome.error().message;
        if (item.syncs()) news.written = item.segment->synced;
    } else if (item.what == Item::What::rows) {
        news.written = item.progress;
    } else if (item.syncs()) {
        item.segment->synced = news.written;
    }
    news.ended = !outcome || item.what == Item::What::end;
}

SegmentThread::SegmentThread(std::size_t backlog) : backlog_(backlog), shared_(std::make_shared<Shared>()) {
    shared_->spares.reserve(kSpares);
    const base::SignalsBlocked blocked;
    thread_ = std::thread([shared = shared_] { work(shared); });
    // What the thread needs of the kernel to begin is over by then.
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait(lock, [this] { return shared_->started; });
}

SegmentThread::~SegmentThread() {
    give_up();
    const std::unique_lock lock(shared_->mutex);
    if (shared_->ended)
        thread_.join();
    else
        thread_.detach();
}

void SegmentThread::begin(FilesToFill files) {
    present_ = std::make_shared<Segment>(std::move(files));
    const std::lock_guard lock(shared_->mutex);
    shared_->segments.push_back(present_);
}

void SegmentThread::end() {
    if (present_) (void)give({.what = Item::What::end, .segment = std::exchange(present_, nullptr)});
}

std::optional<std::string> SegmentThread::failure() const {
    if (!present_) return std::nullopt;
    const std::lock_guard lock(shared_->mutex);
    return present_->news.ended ? std::optional(present_->news.failure) : std::nullopt;
}

capture::OutputChunk SegmentThread::give(Item item) {
    const std::lock_guard lock(shared_->mutex);
    capture::OutputChunk empty;
    if (!item.chunk.empty() && !shared_->spares.empty()) {
        empty = std::move(shared_->spares.back());
        shared_->spares.pop_back();
    }
    shared_->bytes_waiting += item.chunk.bytes.size();
    shared_->queue.push_back(std::move(item));
    shared_->changed.notify_all();
    return empty;
}

capture::OutputChunk SegmentThread::give_packets(capture::OutputChunk chunk) {
    if (present_->has_packets)
        return give({.what = Item::What::packets, .segment = present_, .chunk = std::move(chunk)});
    // It is the header of a pcapng, with which the caller begins in any case.
    chunk.clear();
    return chunk;
}

capture::OutputChunk SegmentThread::give_rows(capture::OutputChunk chunk, const SegmentProgress& progress) {
    Item item{.what = Item::What::rows, .segment = present_, .chunk = std::move(chunk), .progress = progress};
    if (!present_->has_packets) item.progress.packets_bytes = 0;
    return give(std::move(item));
}

std::uint64_t SegmentThread::bytes_waiting() const {
    return shared_->bytes_waiting;
}

void SegmentThread::ask_sync() {
    if (present_) (void)give({.what = Item::What::sync, .segment = present_});
}

bool SegmentThread::done_within(std::chrono::milliseconds time) {
    std::unique_lock lock(shared_->mutex);
    return shared_->changed.wait_for(lock, time, [this] { return shared_->idle() || shared_->ended; });
}

void SegmentThread::give_up() {
    shared_->given_up = true;
    std::unique_lock lock(shared_->mutex);
    shared_->changed.notify_all();
    (void)shared_->changed.wait_for(lock, kToStop, [this] { return shared_->ended; });
}

std::vector<SegmentNews> SegmentThread::take_news() {
    const std::lock_guard lock(shared_->mutex);
    std::vector<SegmentNews> news;
    for (const auto& segment : shared_->segments) news.push_back(segment->news);
    std::erase_if(shared_->segments, [](const auto& segment) { return segment->news.ended; });
    return news;
}

void SegmentThread::work(const std::shared_ptr<Shared>& shared) {
    Shared& all = *shared;
    std::unique_lock lock(all.mutex);
    all.started = true;
    all.changed.notify_all();
    while (!all.given_up) {
        if (all.to_do())
            all.do_one(lock);
        else
            all.changed.wait(lock);
        all.changed.notify_all();
    }
    all.queue.clear();
    all.syncs.clear();
    all.ended = true;
    all.changed.notify_all();
}

}  // namespace packetsentry::spool
