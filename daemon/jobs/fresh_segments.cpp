#include "daemon/jobs/fresh_segments.h"

#include <algorithm>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/log/log.h"

namespace packetsentry::jobs {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kToTryAgain{5};
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

asio::awaitable<void> FreshSegments::send_first(WorkerPtr worker, wire::Terms terms) {
    workers_.push_back(worker);
    co_await send_next(std::move(worker), job_->run() + 1, std::move(terms));
}

asio::awaitable<void> FreshSegments::send_next(WorkerPtr worker, std::uint32_t run, wire::Terms terms) {
    const auto self = shared_from_this();
    auto made = co_await make(run, terms);
    sending_ = false;
    if (!made) {
        retry_at_ = base::SteadyClock::now() + kToTryAgain;
        co_return tell_trouble(made.error().message);
    }
    const std::uint64_t counter = made->header.counter;
    if (!std::ranges::count(workers_, worker)) co_return abandon(counter);
    worker->send_segment(spool::encode(made->header), made->outputs.rows.get(), made->outputs.packets.get());
    given_.push_back({.counter = counter, .worker = worker.get(), .run = run, .terms = std::move(terms)});
}

asio::awaitable<base::Result<spool::BegunSegment>> FreshSegments::make(std::uint32_t run,
                                                                       const wire::Terms& terms) {
    wire::KeptJob kept = job_->kept();
    *kept.mutable_terms() = terms;
    const spool::NewSegment wanted{.job = job_->id(),
                                   .table = wire::TABLE_PACKETS,
                                   .run = run,
                                   .owner_uid = job_->order().owner,
                                   .terms = kept.SerializeAsString(),
                                   .with_packets = job_->order().keep->has_packets()};
    const std::function<base::Result<spool::BegunSegment>(spool::Spool&)> call =
        [wanted, at_ns = now().wall_ns](spool::Spool& spool) { return spool.begin_segment(wanted, at_ns); };
    co_return co_await spool_->ask<spool::BegunSegment>(call);
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
        if (report.ended()) given_.erase(given);
    }
    send_if_due(worker);
    return {};
}

base::Result<void> FreshSegments::take(Given& given, const wire::SegmentReport& report) {
    const spool::SegmentProgress progress = progress_of(report);
    if (!spool::is_possible(progress))
        return base::fail(base::ErrorCode::internal,
                          "the worker broke its protocol: it reported a segment that cannot be");
    if (progress.rows != 0 && given.progress.rows == 0) given.begun = base::SteadyClock::now();
    given.progress = progress;
    if (!report.failure().empty()) retry_at_ = base::SteadyClock::now() + kToTryAgain;
    const bool ended = report.ended();
    spool_->tell([job = job_->id(), counter = given.counter, progress, ended,
                  at_ns = now().wall_ns](spool::Spool& spool) {
        if (ended)
            (void)spool.close_segment(job, counter, progress, at_ns);
        else
            (void)spool.note_progress(job, counter, progress);
    });
    return {};
}

void FreshSegments::send_if_due(const WorkerPtr& worker) {
    if (sending_ || base::SteadyClock::now() < retry_at_ || !std::ranges::count(workers_, worker)) return;
    const auto of_worker = [&](const Given& given) { return given.worker == worker.get(); };
    const auto last = std::ranges::find_if(given_, of_worker);
    const auto segments = std::ranges::count_if(given_, of_worker);
    if (segments > 1 || (segments == 1 && !is_half_full(*last))) return;
    sending_ = true;
    wire::Terms terms = last == given_.end() ? job_->terms() : last->terms;
    loop::spawn(executor_, send_next(worker, job_->run(), std::move(terms)));
}

bool FreshSegments::is_half_full(const Given& given) const {
    const spool::SegmentProgress& progress = given.progress;
    return progress.rows >= kHalfOfRows ||
           progress.rows_bytes + progress.packets_bytes >= job_->order().keep->segment_bytes() / 2 ||
           (progress.rows != 0 && base::SteadyClock::now() - given.begun >= kHalfOfAge);
}

void FreshSegments::close_all(const WorkerPtr& worker) {
    std::erase(workers_, worker);
    for (const Given& given : given_)
        if (given.worker == worker.get()) abandon(given.counter);
    std::erase_if(given_, [&](const Given& given) { return given.worker == worker.get(); });
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
