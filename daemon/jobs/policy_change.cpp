#include "daemon/jobs/policy_change.h"

#include "daemon/base/clock.h"
#include "daemon/jobs/job_state.h"
#include "daemon/jobs/terms.h"
#include "daemon/loop/sleeper.h"

namespace packetsentry::jobs {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kToTry{3};
constexpr std::chrono::seconds kToTryInTurn{60};
constexpr std::chrono::milliseconds kToTryAgain{250};

// Returns for how long replacing a worker is tried. There may be no process or descriptor free just now; and
// jobs of a user who is at a limit are changed one after the other.
std::chrono::seconds time_to_try(const base::Error& error) {
    if (error.code == base::ErrorCode::internal) return kToTry;
    return error.code == base::ErrorCode::unreachable ? kToTryInTurn : std::chrono::seconds(0);
}

// Tells whoever follows the job which terms it has now, where they are others than before.
void tell_terms(Job& job, const wire::Terms& before) {
    if (same_terms(before, job.terms())) return;
    const policy::Verdict& verdict = job.order().verdict;
    const std::string terms = describe(verdict.terms);
    job.note("the policy has changed: " +
                 (terms.empty() ? "it no longer limits this job" : verdict.rule + ": " + terms),
             now());
}

}  // namespace

asio::awaitable<void> PolicyChange::run() {
    const wire::Terms before = job_->terms();
    loop::Sleeper sleeper(executor_, job_->changed());
    RunningJob::TurnPtr turn;
    for (;;) {
        const wire::JobState state = job_->state();
        if (state == wire::JOB_STOPPING || is_over(state)) co_return;
        const policy::Verdict verdict = hooks_.verdict();
        if (!verdict.allowed) co_return hooks_.end(verdict.reason);
        const bool busy = state == wire::JOB_STARTING || state == wire::JOB_CHANGING;
        wire::Terms next = job_->terms();
        apply(verdict.terms, next);
        if (!busy && same_terms(job_->terms(), next)) {
            job_->take(verdict, now());
            tell_terms(*job_, before);
            co_return hooks_.store();
        }
        if (busy || state == wire::JOB_WAITING) {
            turn.reset();
            co_await sleeper.sleep();
            continue;
        }
        // While the job waits for its user's turn, everything may change.
        if (!turn) {
            turn = co_await hooks_.turn();
            continue;
        }
        const auto verdicts = job_->verdicts_taken();
        auto held = std::exchange(turn, nullptr);
        const auto replaced =
            co_await running_->change_filter(job_->capture().filter(), verdict, std::move(held));
        // The job is looked at again where this succeeded, or where the next worker or another change came
        // before it.
        const bool settled = job_->state() == wire::JOB_RUNNING || job_->state() == wire::JOB_DEGRADED;
        if (replaced || job_->verdicts_taken() != verdicts || !settled) continue;
        if (is_given_up(replaced.error()))
            co_return hooks_.end("it cannot continue under the current policy: " + replaced.error().message);
        loop::Sleeper pause(executor_);
        co_await pause.sleep_until(base::SteadyClock::now() + kToTryAgain);
    }
}

bool PolicyChange::is_given_up(const base::Error& error) {
    const auto time = base::SteadyClock::now();
    if (!failed_at_) failed_at_ = time;
    return time >= *failed_at_ + time_to_try(error);
}

}  // namespace packetsentry::jobs
