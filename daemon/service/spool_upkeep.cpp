#include "daemon/service/spool_upkeep.h"

#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/jobs/fresh_segments.h"
#include "daemon/jobs/moment.h"
#include "daemon/log/log.h"
#include "daemon/workers/tidy_worker.h"
#include "proto/messages/state.pb.h"
#include "proto/words/kept_tables.h"

namespace packetsentry::service {

namespace asio = boost::asio;

namespace {

using base::Result;

// More are removed by the next pass, so that others have their turn with the disk.
constexpr std::size_t kRemovals = 32;
constexpr std::chrono::seconds kToLookInVain{5};

struct Pass {
    std::map<std::uint64_t, wire::KeptJob> live;  // jobs that run, by id
    spool::SpoolLimits limits;
    spool::RetentionInput input;
    std::optional<std::uint64_t> unless_begun = {};  // nothing is done if so many segments have been begun
};

struct Passed {
    bool looked = false;
    spool::RemovedTotal total;
    bool more = false;  // is to be removed
    std::uint64_t segments_begun = 0;
    std::string trouble;  // why something could not be written; may be empty
};

spool::KeepLimits limits_of(const wire::Retention& retention) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    spool::KeepLimits limits;
    if (retention.bytes() != 0) limits.bytes = retention.bytes();
    if (retention.age_ns() != 0 && retention.age_ns() <= kMost)
        limits.age_ns = static_cast<std::int64_t>(retention.age_ns());
    return limits;
}

spool::JobLimits limits_of(const wire::KeptJob& job) {
    spool::JobLimits limits;
    limits.kept_by_user = !job.has_standing();
    limits.packets = limits_of(job.keep().packets());
    limits.rows[wire::TABLE_PACKETS] = limits_of(job.keep().rows());
    for (const proto::DerivedKeep& derived : proto::kDerivedKeeps)
        limits.rows[derived.table] = limits_of((job.keep().*derived.retention)());
    return limits;
}

// What the newest segment of a job that has ended says about it.
wire::KeptJob ended_job(const spool::Spool& spool, std::uint64_t id) {
    wire::KeptJob job;
    const auto segments = spool.list(id, {});
    for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment)
        if (segment->kept() && job.ParseFromString(*segment->terms)) return job;
    return {};
}

// An index that is to be made; without a segment there is none.
struct Begun {
    std::optional<spool::UnindexedSegment> segment = {};
    spool::BegunIndex files = {};
    std::optional<spool::UnindexedSegment> failed = {};  // the one that cannot be begun
};

Result<Begun> begin_next_index(spool::Spool& spool, const IndexAttempts& attempts, IndexAttempts::Time time) {
    Begun begun;
    for (const spool::UnindexedSegment& segment : spool.without_index()) {
        if (!attempts.may_try({segment.job, segment.counter}, time)) continue;
        auto files = spool.begin_index(segment.job, segment.counter);
        if (files) {
            begun.segment = segment;
            begun.files = std::move(*files);
            break;
        }
        begun.failed = segment;
        break;
    }
    return begun;
}

wire::Tidy tidy_order_of(const spool::BegunIndex& begun) {
    wire::Tidy order;
    order.set_rows_bytes(begun.rows_bytes);
    if (!begun.repair) return order;
    const spool::BegunRepair& wanted = *begun.repair;
    wire::Repair& repair = *order.mutable_repair();
    repair.set_header(spool::encode(wanted.header));
    repair.set_run(wanted.run);
    repair.set_first_number(wanted.first_number);
    repair.set_number_limit(wanted.number_limit);
    repair.set_rows(wanted.known_rows);
    repair.set_packets_bytes(wanted.packets_bytes);
    return order;
}

workers::TidyFiles files_of(spool::BegunIndex begun) {
    workers::TidyFiles files{.rows = std::move(begun.rows), .index = std::move(begun.index)};
    if (!begun.repair) return files;
    files.new_rows = std::move(begun.repair->rows);
    files.packets = std::move(begun.repair->packets);
    return files;
}

// When the file of a standing job captures something else, another job replaces it, under the same name. What
// the file says now holds for all of them together, so that the space does not grow with each change.
std::map<std::uint64_t, spool::JobLimits> limits_of(const spool::Spool& spool,
                                                    const std::map<std::uint64_t, wire::KeptJob>& live) {
    std::map<std::uint64_t, spool::JobLimits> limits;
    std::map<std::uint64_t, std::string> names;   // of standing jobs
    std::map<std::string, std::uint64_t> newest;  // of each name
    for (const std::uint64_t id : spool.jobs()) {
        const auto found = live.find(id);
        const wire::KeptJob job = found != live.end() ? found->second : ended_job(spool, id);
        limits[id] = limits_of(job);
        if (!job.has_standing()) continue;
        names[id] = job.name();
        newest[job.name()] = id;
    }
    for (const auto& [id, name] : names) {
        limits[id] = limits[newest[name]];
        limits[id].shared = newest[name];
    }
    return limits;
}

Result<Passed> pass(spool::Spool& spool, Pass given) {
    Passed passed;
    passed.segments_begun = spool.segments_begun();
    if (given.unless_begun == passed.segments_begun) return passed;
    passed.looked = true;
    given.limits.jobs = limits_of(spool, given.live);
    if (const auto space = spool.disk_space()) given.input.free_bytes = space->free_bytes;
    given.input.returning_bytes = spool.returning_bytes();
    const auto removals = spool::plan_removals(spool.stored_segments(), given.limits, given.input);
    std::size_t i = 0;
    for (; i < removals.size() && passed.total.segments < kRemovals; ++i) {
        const auto one = spool.remove(std::span(removals).subspan(i, 1));
        passed.total.segments += one.segments;
        passed.total.bytes += one.bytes;
        if (!one.problems.empty()) passed.trouble = one.problems.front();
    }
    passed.more = i < removals.size();
    std::set<std::uint64_t> live;
    for (const auto& [id, job] : given.live) live.insert(id);
    spool.forget_gone(live);
    if (auto saved = spool.save(); !saved) passed.trouble = saved.error().message;
    return passed;
}

}  // namespace

OpenedSpool open_spool(const asio::any_io_executor& executor, const config::Config& config) {
    const std::int64_t now_ns = jobs::now().wall_ns;
    auto spool = spool::Spool::open(config::spool_directory(config), now_ns);
    if (!spool) return {.spool = nullptr, .trouble = spool.error().message};
    OpenedSpool opened;
    for (const std::string& problem : spool->problems()) log::tell(log::Event::trouble, {}, "{}", problem);
    if (const auto space = spool->disk_space()) opened.disk_bytes = space->bytes;
    opened.last_known_ns = spool->last_known_ns(now_ns);
    opened.last_runs = spool->last_runs();
    opened.spool = std::make_shared<spool::Housekeeping>(executor, std::move(*spool));
    return opened;
}

SpoolUpkeep::SpoolUpkeep(const asio::any_io_executor& executor, const OpenedSpool& opened,
                         const config::Config& config, jobs::Supervisor& supervisor)
    : executor_(executor),
      opened_(opened),
      spool_(opened.spool),
      config_(config),
      supervisor_(supervisor),
      guard_(opened.last_known_ns) {}

asio::awaitable<void> SpoolUpkeep::make_indexes() {
    if (!spool_) co_return;
    // Apart: GCC 12 miscompiles an await in a condition.
    bool made = co_await make_index();
    while (made) made = co_await make_index();
}

asio::awaitable<void> SpoolUpkeep::remove() {
    if (!spool_) co_return;
    bool more = co_await remove_some();
    while (more) more = co_await remove_some();
}

// Returns true if there is more to be removed.
asio::awaitable<bool> SpoolUpkeep::remove_some() {
    Pass given;
    if (base::SteadyClock::now() < due_) given.unless_begun = segments_begun_;
    const auto kept = [](const jobs::Job& job) { return job.order().keep.has_value(); };
    for (const auto& job : supervisor_.registry().all(kept)) given.live.emplace(job->id(), job->kept());
    const config::Spool& set = config_.spool;
    given.limits.bytes = opened_.bytes(config_);
    given.limits.free_disk = set.free_disk != 0 ? set.free_disk : opened_.disk_bytes / kUsualPart;
    given.limits.user_bytes = opened_.user_bytes(config_);
    given.input.now_ns = jobs::now().wall_ns;
    given.input.age_may_remove = guard_.may_remove(base::SteadyClock::now(), given.input.now_ns);
    const std::function<Result<Passed>(spool::Spool&)> call = [given](spool::Spool& spool) {
        return pass(spool, given);
    };
    const auto passed = co_await spool_->ask<Passed>(call);
    if (!passed) {
        tell(passed.error().message);
        co_return false;
    }
    if (!passed->looked) co_return false;
    due_ = passed->more ? Clock::time_point() : base::SteadyClock::now() + kToLookInVain;
    segments_begun_ = passed->segments_begun;
    if (passed->total.segments != 0)
        log::tell(log::Event::detail, {}, "removed {} segments of the spool: {} bytes",
                  passed->total.segments, passed->total.bytes);
    tell(passed->trouble);
    co_return passed->more;
}

// Returns false if there is nothing to be indexed, or if something has failed.
asio::awaitable<bool> SpoolUpkeep::make_index() {
    const auto time = base::SteadyClock::now();
    const std::function<Result<Begun>(spool::Spool&)> begin =
        [attempts = attempts_, time](spool::Spool& spool) { return begin_next_index(spool, attempts, time); };
    auto begun = co_await spool_->ask<Begun>(begin);
    if (!begun) co_return false;
    // The next one is tried in the next round, because the disk may be what has failed.
    if (begun->failed) attempts_.fails({begun->failed->job, begun->failed->counter}, time);
    if (!begun->segment) co_return false;
    const spool::UnindexedSegment segment = *begun->segment;
    wire::Tidy order = tidy_order_of(begun->files);
    workers::TidyFiles files = files_of(std::move(begun->files));
    auto making =
        workers::make_index(executor_, supervisor_.worker_path(), std::move(order), std::move(files));
    auto made = co_await std::move(making);
    if (!made) {
        attempts_.fails({segment.job, segment.counter}, base::SteadyClock::now());
        spool_->tell([segment](spool::Spool& spool) { spool.discard_index(segment.job, segment.counter); });
        // Damage is told to whoever asks about the segment. A worker that dies may have been taken over.
        const bool died = made.error().code == base::ErrorCode::internal;
        log::tell(died ? log::Event::trouble : log::Event::detail, {},
                  "segment {} of job {} gets no index: {}", segment.counter, segment.job,
                  made.error().message);
        co_return true;
    }
    const std::function<Result<void>(spool::Spool&)> end = [segment, index = *made](spool::Spool& spool) {
        return spool.end_index(segment.job, segment.counter, index.bytes, jobs::progress_of(index.found),
                               index.rows_bytes);
    };
    const auto ended = co_await spool_->ask<void>(end);
    if (ended)
        attempts_.succeeds({segment.job, segment.counter});
    else
        attempts_.fails({segment.job, segment.counter}, base::SteadyClock::now());
    if (ended && made->rows_bytes != 0)
        log::tell(log::Event::detail, {}, "rows of segment {} of job {} were made again from its packets",
                  segment.counter, segment.job);
    co_return true;
}

void SpoolUpkeep::tell(const std::string& trouble) {
    if (std::exchange(trouble_, trouble) != trouble && !trouble.empty())
        log::tell(log::Event::trouble, {}, "the spool: {}", trouble);
}

}  // namespace packetsentry::service
