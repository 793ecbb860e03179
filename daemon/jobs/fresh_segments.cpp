#include "daemon/jobs/fresh_segments.h"

#include <algorithm>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/log/log.h"
#include "daemon/loop/sleeper.h"
#include "daemon/loop/spawn.h"
#include "daemon/spool/format/segment_room.h"
#include "proto/words/kept_tables.h"

namespace packetsentry::jobs {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kToTryAgain{5};
constexpr std::chrono::seconds kToSend{1};
constexpr std::chrono::seconds kToCloseFiles{1};
constexpr std::chrono::seconds kToEndForGood{10};
constexpr std::uint64_t kSmallSegment = 256 * 1024;
// An honest worker goes on in a segment that is full (spool/format/segment_room.h).
constexpr std::uint32_t kSegmentsPerSecond = 4;
constexpr std::uint32_t kWritesPerSecond = 4;
constexpr std::chrono::milliseconds kToReport{200};
// Half of what a worker puts into a segment (spool::SegmentLimits).
constexpr std::uint64_t kHalfOfRows = 131'072;
constexpr std::chrono::minutes kHalfOfAge{30};

}  // namespace

spool::SegmentProgress progress_of(const wire::SegmentReport& report) {
    return {.rows_bytes = report.rows_bytes(),
            .packets_bytes = report.packets_bytes(),
            .blocks = report.blocks(),
            .rows = report.rows(),
            .first_number = report.first_number(),
            .last_number = report.last_number(),
            .first_time_ns = report.first_time_ns(),
            .last_time_ns = report.last_time_ns()};
}

FreshSegments::FreshSegments(asio::any_io_executor executor, std::shared_ptr<Job> job,
                             std::shared_ptr<spool::Housekeeping> spool,
                             std::chrono::nanoseconds sync_interval)
    : executor_(std::move(executor)),
      job_(std::move(job)),
      spool_(std::move(spool)),
      sync_interval_(sync_interval) {}

void FreshSegments::describe(wire::Begin& begin) const {
    *begin.mutable_keep() = *job_->order().keep;
    begin.set_sync_interval_ns(static_cast<std::uint64_t>(sync_interval_.count()));
}

// A disk that does not answer must not keep the capture from its beginning: without a segment, rows are not
// kept until it comes.
asio::awaitable<void> FreshSegments::send_first(WorkerPtr worker, wire::Terms terms) {
    const auto self = shared_from_this();
    const auto left = std::make_shared<std::size_t>(0);
    const auto changed = std::make_shared<loop::ChangeEvent>();
    for (const wire::Table table : tables()) {
        fillings_.push_back({.worker = worker, .table = table, .making = true});
        ++*left;
        loop::spawn(executor_, send_next(worker, table, job_->run() + 1, terms), [left, changed] {
            --*left;
            changed->notify();
        });
    }
    loop::Sleeper sleeper(executor_, *changed);
    const auto all_sent = [left] { return *left == 0; };
    co_await sleeper.until(all_sent, base::SteadyClock::now() + kToSend);
}

std::vector<wire::Table> FreshSegments::tables() const {
    return proto::kept_tables(*job_->order().keep);
}

FreshSegments::Filling* FreshSegments::find(const WorkerPtr& worker, wire::Table table) {
    const auto found = std::ranges::find_if(fillings_, [&](const Filling& filling) {
        return filling.worker == worker && filling.table == table;
    });
    return found == fillings_.end() ? nullptr : &*found;
}

void FreshSegments::hold_back(const WorkerPtr& worker, wire::Table table) {
    if (Filling* const filling = find(worker, table))
        filling->retry_at = base::SteadyClock::now() + kToTryAgain;
}

bool FreshSegments::fills_segments(const WorkerPtr& worker) const {
    return std::ranges::find(fillings_, worker, &Filling::worker) != fillings_.end();
}

WorkerPtr FreshSegments::worker_of(std::uint64_t counter) const {
    const auto given = std::ranges::find(given_, counter, &Given::counter);
    if (given == given_.end()) return nullptr;
    const auto filling = std::ranges::find_if(
        fillings_, [&](const Filling& one) { return one.worker.get() == given->worker; });
    return filling == fillings_.end() ? nullptr : filling->worker;
}

asio::awaitable<void> FreshSegments::send_next(WorkerPtr worker, wire::Table table, std::uint32_t run,
                                               wire::Terms terms) {
    const auto self = shared_from_this();
    auto made = co_await make(table, run, terms);
    Filling* const filling = find(worker, table);
    if (filling != nullptr) filling->making = false;
    if (!made) {
        hold_back(worker, table);
        co_return tell_trouble(made.error().message);
    }
    const std::uint64_t counter = made->header.counter;
    if (filling == nullptr) co_return abandon(counter);
    worker->send_segment(spool::encode(made->header), made->outputs.rows.get(), made->outputs.packets.get());
    given_.push_back(
        {.counter = counter, .worker = worker.get(), .table = table, .run = run, .terms = std::move(terms)});
}

asio::awaitable<base::Result<spool::BegunSegment>> FreshSegments::make(wire::Table table, std::uint32_t run,
                                                                       const wire::Terms& terms) {
    wire::KeptJob kept = job_->kept();
    *kept.mutable_terms() = terms;
    const spool::NewSegment wanted{
        .job = job_->id(),
        .table = static_cast<std::uint32_t>(table),
        .run = run,
        .owner_uid = job_->order().owner,
        .terms = kept.SerializeAsString(),
        .with_packets = table == wire::TABLE_PACKETS && job_->order().keep->has_packets()};
    // Nobody would close a segment that is made when nobody waits for it any more.
    const auto waits = std::make_shared<std::atomic<bool>>(true);
    const std::function<base::Result<spool::BegunSegment>(spool::Spool&)> call =
        [wanted, waits, at_ns = now().wall_ns](spool::Spool& spool) -> base::Result<spool::BegunSegment> {
        if (!*waits) return base::fail(base::ErrorCode::timed_out, "nobody waits for the segment");
        auto begun = spool.begin_segment(wanted, at_ns);
        if (begun && !*waits) (void)spool.abandon_segment(wanted.job, begun->header.counter, at_ns);
        return begun;
    };
    auto begun = co_await spool_->ask<spool::BegunSegment>(call);
    if (!begun) *waits = false;
    co_return begun;
}

base::Result<void> FreshSegments::take(const WorkerPtr& worker, const Reports& reports) {
    for (const wire::SegmentReport& report : reports) {
        const auto given = std::ranges::find_if(given_, [&](const Given& one) {
            return one.counter == report.counter() && one.worker == worker.get();
        });
        if (given == given_.end())
            return base::fail(base::ErrorCode::internal,
                              "the worker broke its protocol: it reported a segment that it does not have");
        if (auto taken = take(*given, report); !taken) return taken;
        if (!report.ended()) continue;
        // The disk did not take it, or there is nothing in it, so that the next one is not hurried.
        if (!report.failure().empty() || report.rows() == 0) hold_back(worker, given->table);
        loop::spawn(executor_, close(worker, std::move(*given)));
        given_.erase(given);
    }
    ++reports_;
    reported_.notify();
    for (const wire::Table table : tables()) send_if_due(worker, table);
    return {};
}

asio::awaitable<void> FreshSegments::write_what_waits(WorkerPtr worker) {
    const auto self = shared_from_this();
    const auto time = base::SteadyClock::now();
    // Asked first, because a turn that is taken in vain would be owed.
    base::Pace asked = writes_;
    if (!fills_segments(worker) || asked.take(time, 1, kWritesPerSecond) > time) co_return;
    writes_ = asked;
    const std::uint64_t before = reports_;
    worker->end_block();
    loop::Sleeper sleeper(executor_, reported_);
    const auto reported = [this, before] { return reports_ != before; };
    co_await sleeper.until(reported, time + kToReport);
}

base::Result<void> FreshSegments::take(Given& given, const wire::SegmentReport& report) {
    const spool::SegmentProgress progress = progress_of(report);
    if (!spool::is_possible(progress))
        return base::fail(base::ErrorCode::internal,
                          "the worker broke its protocol: it reported a segment that cannot be");
    if (progress.rows != 0 && given.progress.rows == 0) given.begun = base::SteadyClock::now();
    const bool news = given.progress != progress;
    given.progress = progress;
    if (news && !report.ended()) note(given);
    return {};
}

asio::awaitable<void> FreshSegments::close(WorkerPtr worker, Given given) {
    const auto self = shared_from_this();
    loop::Sleeper sleeper(executor_);
    auto closed = co_await try_to_close(given, false);
    if (closed && !*closed) {
        // A process that was started in the moment in which the files were made can have them for a moment.
        co_await sleeper.sleep_until(base::SteadyClock::now() + kToCloseFiles);
        closed = co_await try_to_close(given, false);
    }
    if (closed && !*closed) {
        worker->kill("the worker broke its protocol: it has not closed the files of a segment that it ended");
        co_await worker->gone(base::SteadyClock::now() + kToEndForGood);
        closed = co_await try_to_close(given, true);
    }
    // Otherwise a worker could fill the catalogue with segments that have next to nothing in them.
    if (closed && closed->value_or(0) < kSmallSegment) hold_back(worker, given.table);
}

asio::awaitable<base::Result<FreshSegments::Closed>> FreshSegments::try_to_close(const Given& given,
                                                                                 bool in_any_case) {
    const std::function<base::Result<Closed>(spool::Spool&)> call =
        [job = job_->id(), counter = given.counter, progress = given.progress, in_any_case,
         at_ns = now().wall_ns](spool::Spool& spool) -> base::Result<Closed> {
        if (!in_any_case && spool.is_being_written(job, counter)) return Closed();
        const auto written = spool.look(job, counter);
        // What had been reported before a sync failed is more than what is there now.
        if (!spool.close_segment(job, counter, progress, at_ns))
            (void)spool.abandon_segment(job, counter, at_ns);
        if (!written) return std::unexpected(written.error());
        return std::min(progress.rows_bytes, written->rows) +
               std::min(progress.packets_bytes, written->packets);
    };
    co_return co_await spool_->ask<Closed>(call);
}

// However often a worker reports, one note of each segment waits at most, and tells the latest progress.
void FreshSegments::note(Given& given) {
    const std::lock_guard lock(given.latest->mutex);
    given.latest->progress = given.progress;
    if (std::exchange(given.latest->waits, true)) return;
    loop::spawn(executor_, note_latest(given.counter, given.latest));
}

asio::awaitable<void> FreshSegments::note_latest(std::uint64_t counter, std::shared_ptr<Latest> latest) {
    const auto self = shared_from_this();
    const std::function<base::Result<bool>(spool::Spool&)> call =
        [job = job_->id(), counter, latest](spool::Spool& spool) -> base::Result<bool> {
        spool::SegmentProgress progress;
        {
            const std::lock_guard locked(latest->mutex);
            latest->waits = false;
            progress = latest->progress;
        }
        const auto noted = spool.note_progress(job, counter, progress);
        if (!noted && noted.error().code == base::ErrorCode::internal) return std::unexpected(noted.error());
        return spool.has_written(job, counter, progress);
    };
    const auto there = co_await spool_->ask<bool>(call);
    const bool broke_protocol = !there && there.error().code == base::ErrorCode::internal;
    const WorkerPtr worker = worker_of(counter);
    if (!worker) co_return;
    if (broke_protocol)
        worker->kill("the worker broke its protocol: it reported more of a segment than it has written");
    // Another worker begins another segment.
    if (there && !*there) worker->kill("somebody has removed the files of the spool that the worker wrote");
}

void FreshSegments::look() {
    if (given_.empty() || std::exchange(looking_, true)) return;
    loop::spawn(executor_, look_at_lengths());
}

asio::awaitable<void> FreshSegments::look_at_lengths() {
    const auto self = shared_from_this();
    std::vector<std::uint64_t> counters;
    for (const Given& given : given_) counters.push_back(given.counter);
    const std::function<base::Result<Lengths>(spool::Spool&)> call =
        [job = job_->id(), counters](spool::Spool& spool) -> base::Result<Lengths> {
        Lengths lengths;
        for (const std::uint64_t counter : counters)
            if (const auto written = spool.look(job, counter))
                lengths[counter] = written->rows + written->packets;
        return lengths;
    };
    const auto lengths = co_await spool_->ask<Lengths>(call);
    looking_ = false;
    if (lengths) end_workers_beyond(*lengths);
}

void FreshSegments::end_workers_beyond(const Lengths& lengths) {
    for (const auto& [counter, bytes] : lengths) {
        const WorkerPtr worker = worker_of(counter);
        if (!worker || bytes <= spool::most_segment_bytes(worker->segment_bytes())) continue;
        worker->kill("the worker wrote " + std::to_string(bytes) +
                     " bytes into a segment of the spool, which is more than any worker may");
    }
}

void FreshSegments::send_if_due(const WorkerPtr& worker, wire::Table table) {
    Filling* const filling = find(worker, table);
    if (filling == nullptr || filling->making || base::SteadyClock::now() < filling->retry_at) return;
    const auto of_worker = [&](const Given& given) {
        return given.worker == worker.get() && given.table == table;
    };
    const auto last = std::ranges::find_if(given_, of_worker);
    const auto segments = std::ranges::count_if(given_, of_worker);
    if (segments > 1 || (segments == 1 && !is_half_full(*last))) return;
    base::Pace asked = made_;
    if (asked.take(base::SteadyClock::now(), 1, kSegmentsPerSecond) > base::SteadyClock::now()) return;
    made_ = asked;
    filling->making = true;
    wire::Terms terms = last == given_.end() ? job_->terms() : last->terms;
    loop::spawn(executor_, send_next(worker, table, job_->run(), std::move(terms)));
}

bool FreshSegments::is_half_full(const Given& given) const {
    const spool::SegmentProgress& progress = given.progress;
    return progress.rows >= kHalfOfRows ||
           progress.rows_bytes + progress.packets_bytes >= job_->order().keep->segment_bytes() / 2 ||
           (progress.rows != 0 && base::SteadyClock::now() - given.begun >= kHalfOfAge);
}

void FreshSegments::close_all(const WorkerPtr& worker) {
    std::erase_if(fillings_, [&](const Filling& filling) { return filling.worker == worker; });
    std::vector<std::uint64_t> counters;
    for (const Given& given : given_)
        if (given.worker == worker.get()) counters.push_back(given.counter);
    std::erase_if(given_, [&](const Given& given) { return given.worker == worker.get(); });
    if (!counters.empty()) loop::spawn(executor_, abandon_when_gone(worker, std::move(counters)));
}

// Until then it can write to them, and what it writes would count nowhere.
asio::awaitable<void> FreshSegments::abandon_when_gone(WorkerPtr worker,
                                                       std::vector<std::uint64_t> counters) {
    const auto self = shared_from_this();
    co_await worker->gone(base::SteadyClock::now() + kToEndForGood);
    for (const std::uint64_t counter : counters) abandon(counter);
}

void FreshSegments::abandon(std::uint64_t counter) {
    spool_->tell([job = job_->id(), counter, at_ns = now().wall_ns](spool::Spool& spool) {
        (void)spool.abandon_segment(job, counter, at_ns);
    });
}

void FreshSegments::tell_trouble(const std::string& why) {
    if (std::exchange(trouble_, why) == why) return;
    const std::string text = "rows cannot be kept in the spool: " + why;
    log::tell(log::Event::job_notice, own_fields(*job_), "job {}: {}", job_->label(), text);
    job_->note(text, now());
}

}  // namespace packetsentry::jobs
