#include "daemon/jobs/handover.h"

#include <utility>

#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/jobs/terms.h"
#include "daemon/log/log.h"
#include "daemon/loop/sleeper.h"
#include "proto/words/state_names.h"

namespace packetsentry::jobs {

namespace asio = boost::asio;
using base::ErrorCode;

namespace {

// Packets wait meanwhile in the successor's ring.
constexpr std::chrono::seconds kToTakeOver{1};

std::unexpected<base::Error> not_now(const Job& job) {
    return base::fail(
        ErrorCode::usage,
        "job " + job.label() + " is " + std::string(proto::state_phrase(job.state())) + "; try again later");
}

std::unexpected<base::Error> ended_meanwhile(const Job& job) {
    return base::fail(ErrorCode::usage, "job " + job.label() + " ended while its filter was being changed");
}

}  // namespace

asio::awaitable<base::Result<void>> Handover::prepare(wire::CaptureSpec capture, policy::Verdict verdict,
                                                      WorkerPtr present,
                                                      quota::CaptureResources::TurnPtr turn) {
    if (!job_->enter(wire::JOB_CHANGING)) co_return not_now(*job_);
    wire::Terms terms = job_->terms();
    apply(verdict.terms, terms);
    auto worker = launcher_.start(capture, terms, std::exchange(present, nullptr));
    if (!worker) {
        job_->enter_running();
        co_return std::unexpected(worker.error());
    }
    candidate_ = *worker;
    const auto ready = co_await (*worker)->ready(kToBeReady);
    turn.reset();
    if (ready && segments_) co_await segments_->send_first(*worker, terms);
    // It was given up, and another may be the candidate by now.
    if (candidate_ != *worker) {
        forget(*worker);
        co_return overtaken();
    }
    candidate_.reset();
    // It was killed, but may have said before that it is ready.
    if (stopped_) {
        forget(*worker);
        co_return ended_meanwhile(*job_);
    }
    if (!ready) {
        job_->enter_running();
        co_return std::unexpected(ready.error());
    }
    if (auto counted = launcher_.count_filters(**worker, *ready); !counted) {
        forget(*worker);
        job_->enter_running();
        co_return counted;
    }
    successor_ = std::make_shared<Successor>();
    successor_->worker = *worker;
    successor_->filter = capture.filter();
    successor_->filter_text = ready->filter();
    successor_->verdict = std::move(verdict);
    successor_->takes_over_state = same_terms(job_->terms(), terms);
    co_return base::Result<void>{};
}

std::int64_t Handover::name_instant() {
    return successor_->from_ns = now().wall_ns;
}

asio::awaitable<void> Handover::pass_on(const wire::PassedState& passed) {
    const auto successor = successor_;
    if (!successor || !successor->takes_over_state) co_return;
    // The present worker may have waited for its last packets before.
    if (!successor->passed_until) successor->passed_until = base::SteadyClock::now() + kToTakeOver;
    successor->takes_over_state = co_await successor->worker->send_passed(passed, *successor->passed_until);
    if (successor->takes_over_state) co_return;
    const std::string text =
        "some conversations, questions or requests are lost, because the next worker did not take them in "
        "time";
    log::tell(log::Event::job_notice, own_fields(*job_), "job {}: {}", job_->label(), text);
    job_->note(text, now());
}

asio::awaitable<base::Result<void>> Handover::completed() {
    const auto successor = successor_;
    loop::Sleeper sleeper(executor_, job_->changed());
    const auto settled = [&] { return successor_ != successor || is_over(job_->state()); };
    co_await sleeper.until(settled);
    if (!successor->took_over) co_return overtaken();
    co_return base::Result<void>{};
}

std::shared_ptr<const Handover::Successor> Handover::take_successor() {
    if (successor_) successor_->took_over = true;
    return std::exchange(successor_, nullptr);
}

void Handover::give_up(const char* why) {
    if (const auto candidate = std::exchange(candidate_, nullptr)) candidate->kill(why);
    const auto successor = std::exchange(successor_, nullptr);
    if (!successor) return;
    successor->worker->kill(why);
    forget(successor->worker);
}

// The segment of a worker that never captures has no rows.
void Handover::forget(const WorkerPtr& worker) {
    if (segments_) segments_->close_all(worker);
}

void Handover::stop() {
    stopped_ = true;
    if (candidate_) candidate_->kill("the job was stopped");
}

// Returns the error that tells why a change was given up.
std::unexpected<base::Error> Handover::overtaken() const {
    return is_over(job_->state()) || stopped_ ? ended_meanwhile(*job_) : not_now(*job_);
}

}  // namespace packetsentry::jobs
