#include "daemon/jobs/running_job.h"

#include <boost/asio/co_spawn.hpp>
#include <ctime>
#include <exception>
#include <utility>

#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/jobs/terms.h"
#include "daemon/log/log.h"
#include "daemon/stream/wake.h"
#include "proto/filter.h"
#include "proto/peer_error.h"

namespace packetsentry::jobs {

namespace asio = boost::asio;
using base::ErrorCode;

namespace {

constexpr std::chrono::seconds kToBeReady{10};
constexpr std::chrono::seconds kToEnd{2};
constexpr std::chrono::seconds kToEndWithFile{5};
constexpr std::chrono::minutes kMalformedEvery{1};

std::unexpected<base::Error> not_now(const Job& job) {
    return base::fail(ErrorCode::usage,
                      "job " + job.label() + " is " + name_of(job.state()) + "; try again later");
}

std::unexpected<base::Error> ended_meanwhile(const Job& job) {
    return base::fail(ErrorCode::usage, "job " + job.label() + " ended while its filter was being changed");
}

}  // namespace

Moment now() {
    timespec wall{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    return {wall.tv_sec * 1'000'000'000LL + wall.tv_nsec, std::chrono::steady_clock::now()};
}

RunningJob::RunningJob(const asio::any_io_executor& executor, std::shared_ptr<Job> job,
                       std::string worker_path, MaskKey& mask_key, base::UniqueFd output,
                       std::function<void()> after_rows)
    : executor_(executor),
      job_(std::move(job)),
      worker_path_(std::move(worker_path)),
      mask_key_(mask_key),
      output_(std::move(output)),
      after_rows_(std::move(after_rows)),
      malformed_told_(job_->ledger().malformed()) {}

base::Result<RunningJob::WorkerPtr> RunningJob::begin_worker(const wire::CaptureSpec& capture) {
    base::Result<std::string> mask_key;
    if (capture.redaction().mask_addresses()) mask_key = mask_key_.get();
    if (!mask_key) return std::unexpected(mask_key.error());
    auto worker = Worker::start(executor_, worker_path_);
    if (worker) (*worker)->begin(capture, *mask_key, output_.get());
    return worker;
}

asio::awaitable<base::Result<void>> RunningJob::start() {
    auto worker = begin_worker(job_->capture());
    if (!worker) co_return std::unexpected(worker.error());
    candidate_ = *worker;
    const auto ready = co_await candidate_->ready(kToBeReady);
    present_ = std::exchange(candidate_, nullptr);
    if (stop_ns_ != 0) co_return base::fail(ErrorCode::usage, "the job was stopped before it ran");
    if (!ready) co_return std::unexpected(ready.error());
    job_->set_filter_text(ready->filter());
    begin_running();
    co_return base::Result<void>{};
}

void RunningJob::begin_running() {
    job_->enter(wire::JOB_RUNNING);
    present_->go(0, job_->resumed() ? job_->remaining(now()) : job_->until());
    asio::co_spawn(
        executor_, [self = shared_from_this()] { return self->run(); },
        [self = shared_from_this()](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
}

asio::awaitable<void> RunningJob::run() {
    for (;;) {
        const auto ended = co_await read_worker();
        job_->fold_ledger();
        if (ended && take_over(*ended)) continue;
        co_return conclude(ended);
    }
}

asio::awaitable<base::Result<wire::Ended>> RunningJob::read_worker() {
    for (;;) {
        auto event = co_await present_->next();
        if (!event) co_return std::unexpected(event.error());
        job_->report(present_->ledger(), now());
        tell_malformed(false);
        if (auto* ended = std::get_if<wire::Ended>(&*event)) co_return std::move(*ended);
        handle(*event);
    }
}

void RunningJob::handle(WorkerEvent& event) {
    if (auto* batch = std::get_if<Batch>(&event)) {
        job_->append(std::move(*batch), now());
        after_rows_();
    } else if (const auto* notice = std::get_if<wire::Notice>(&event)) {
        log::tell(log::Event::job_notice, own_fields(*job_), "job {}: {}", job_->label(), notice->text());
        job_->note(*notice);
    }
}

// A flood of them is a line a minute.
void RunningJob::tell_malformed(bool at_once) {
    const std::uint64_t malformed = job_->ledger().malformed();
    const auto time = std::chrono::steady_clock::now();
    if (malformed == malformed_told_ || (!at_once && time < malformed_due_)) return;
    log::tell(log::Event::malformed, own_fields(*job_), "job {}: {} malformed packets, {} in all",
              job_->label(), malformed - malformed_told_, malformed);
    malformed_told_ = malformed;
    malformed_due_ = time + kMalformedEvery;
}

void RunningJob::conclude(const base::Result<wire::Ended>& ended) {
    if (candidate_) candidate_->kill("the job ended first");
    successor_.reset();
    output_.reset();
    tell_malformed(true);
    if (!ended)
        job_->fail(ended.error(), now());
    else if (ended->reason() == wire::END_FAILED)
        job_->fail(proto::from_wire(ended->error()), now());
    else
        job_->finish(ended->reason(), now());
}

void RunningJob::finish_present(std::int64_t until_ns) {
    present_->finish(until_ns, saves() ? kToEndWithFile : kToEnd);
}

void RunningJob::stop() {
    if (stop_ns_ != 0 || is_over(job_->state())) return;
    stop_ns_ = now().wall_ns;
    job_->enter(wire::JOB_STOPPING);
    if (candidate_) candidate_->kill("the job was stopped");
    // In a handover the successor owns the packets since; it is told once it goes.
    if (present_ && !successor_) finish_present(stop_ns_);
}

asio::awaitable<void> RunningJob::over() {
    stream::Wake wake(executor_);
    const auto changed = job_->changed().subscribe([&] { wake.call(); });
    while (!is_over(job_->state())) co_await wake.forever();
}

asio::awaitable<base::Result<void>> RunningJob::change_filter(wire::Filter filter, policy::Verdict verdict) {
    if (auto text = proto::filter_text(filter); !text) co_return std::unexpected(text.error());
    if (!job_->enter(wire::JOB_CHANGING)) co_return not_now(*job_);
    successor_verdict_ = std::move(verdict);
    const auto prepared = co_await prepare_successor(filter);
    if (prepared) co_return co_await hand_over(std::move(filter));
    // Where the job is stopping or over it stays so, and that is the better answer.
    if (!job_->resume()) co_return ended_meanwhile(*job_);
    co_return prepared;
}

asio::awaitable<base::Result<void>> RunningJob::prepare_successor(wire::Filter filter) {
    wire::CaptureSpec capture = job_->capture();
    *capture.mutable_filter() = std::move(filter);
    apply(successor_verdict_.terms, capture);
    *capture.mutable_until() = job_->remaining(now());
    capture.mutable_save()->set_continued(saves());
    auto worker = begin_worker(capture);
    if (!worker) co_return std::unexpected(worker.error());
    candidate_ = *worker;
    auto ready = co_await candidate_->ready(kToBeReady);
    const auto candidate = std::exchange(candidate_, nullptr);
    if (!ready) co_return std::unexpected(ready.error());
    // Killed, but it had said so before.
    if (is_over(job_->state()) || stop_ns_ != 0) co_return ended_meanwhile(*job_);
    successor_filter_text_ = ready->filter();
    successor_ = candidate;
    co_return base::Result<void>{};
}

asio::awaitable<base::Result<void>> RunningJob::hand_over(wire::Filter filter) {
    successor_filter_ = std::move(filter);
    handover_ns_ = now().wall_ns;
    const Worker* const successor = successor_.get();
    finish_present(handover_ns_);
    stream::Wake wake(executor_);
    const auto changed = job_->changed().subscribe([&] { wake.call(); });
    while (successor_ && !is_over(job_->state())) co_await wake.forever();
    if (present_.get() != successor) co_return ended_meanwhile(*job_);
    co_return base::Result<void>{};
}

// false: there is none to take over, or the present worker ended of itself, and with it the job.
bool RunningJob::take_over(const wire::Ended& ended) {
    if (!successor_ || ended.reason() != wire::END_ASKED) return false;
    present_ = std::exchange(successor_, nullptr);
    job_->take(successor_verdict_, now());
    present_->go(handover_ns_, job_->remaining(now()));
    job_->change_filter(successor_filter_);
    job_->set_filter_text(successor_filter_text_);
    job_->resume();
    if (stop_ns_ != 0) finish_present(stop_ns_);
    return true;
}

}  // namespace packetsentry::jobs
