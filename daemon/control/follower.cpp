#include "daemon/control/follower.h"

#include <boost/asio/post.hpp>
#include <limits>
#include <utility>
#include <variant>

#include "daemon/base/clock.h"
#include "daemon/control/session.h"
#include "daemon/control/verdicts.h"
#include "daemon/jobs/job_state.h"
#include "daemon/jobs/running_job.h"
#include "daemon/log/log.h"
#include "daemon/quota/refusal.h"
#include "proto/link/peer_error.h"

namespace packetsentry::control {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kUpdateEvery{1};

}  // namespace

Follower::Follower(std::shared_ptr<Session> session, std::shared_ptr<jobs::Job> job, std::uint64_t id,
                   const wire::Follow& asked)
    : session_(std::move(session)),
      job_(std::move(job)),
      id_(id),
      table_(asked.table() == wire::TABLE_UNKNOWN ? wire::TABLE_PACKETS : asked.table()),
      cursor_(window(), asked.from_sequence()),
      past_end_(window().next_sequence()),
      end_sequence_(asked.kept_only() ? past_end_ : std::numeric_limits<std::uint64_t>::max()),
      next_notice_(asked.from_sequence() == 0 ? job_->notice_count() : job_->first_notice()),
      output_wanted_(1),
      policy_changes_(session_->shared().policy_changes),
      verdicts_taken_(job_->verdicts_taken()),
      next_update_(base::SteadyClock::now() + kUpdateEvery),
      sleeper_(session_->executor(), job_->changed(), session_->changed()) {
    job_->count_follower(1);
}

Follower::~Follower() {
    job_->count_follower(-1);
}

asio::awaitable<void> Follower::run() {
    while (session_->open()) {
        if (!session_->has_room()) {
            co_await sleeper_.sleep();
            continue;
        }
        const Step done = step();
        if (done == Step::end) co_return;
        if (done == Step::nothing_new) co_await sleeper_.sleep_until(next_update_);
        // Others have their turn even while there is much to send.
        if (done == Step::sent) co_await asio::post(session_->executor(), asio::use_awaitable);
    }
}

Follower::Step Follower::step() {
    if (auto checked = check_policy(); !checked) {
        send_end(checked);
        return Step::end;
    }
    if (send_want_output()) return Step::sent;
    if (cursor_.next_sequence() < end_sequence_ && send_rows()) return Step::sent;
    if (send_notice()) return Step::sent;
    if (at_end()) {
        send_end(ended_by_itself());
        return Step::end;
    }
    return send_update() ? Step::sent : Step::nothing_new;
}

// Asks the policy again after it has changed, and once more when the job captures under its new terms.
base::Result<void> Follower::check_policy() {
    const Shared& shared = session_->shared();
    if (policy_changes_ == shared.policy_changes && verdicts_taken_ == job_->verdicts_taken()) return {};
    policy_changes_ = shared.policy_changes;
    verdicts_taken_ = job_->verdicts_taken();
    const bool in_past = cursor_.next_sequence() < past_end_;
    const auto action = in_past ? policy::Action::read_past : policy::Action::follow_job;
    session_->complete_peer();
    const auto verdict = verdict_on(session_->peer(), action, job_.get(), shared.rules);
    if (verdict.allowed) return {};
    log::tell(log::Event::refused, quota::refused_fields(session_->peer().uid, "follow"),
              "uid {} may no longer follow job {}: {}", session_->peer().uid, job_->label(), verdict.reason);
    return base::fail(base::ErrorCode::not_permitted,
                      "you may no longer follow job " + job_->label() + ": " + verdict.reason);
}

// Returns an error where the job ends with the daemon: a client that waits for packets still to come must not
// believe that it has received all of them.
base::Result<void> Follower::ended_by_itself() const {
    const bool waits = end_sequence_ == std::numeric_limits<std::uint64_t>::max();
    if (!waits || job_->end_reason() != wire::END_ASKED || !job_->ends_with_daemon()) return {};
    const std::string job = "job " + job_->label();
    return base::fail(
        base::ErrorCode::unreachable,
        job_->order().foreground
            ? "packetsentryd was stopped or restarted, and " + job + " ended with it"
            : "packetsentryd was stopped or restarted; " + job + " goes on when packetsentryd runs again");
}

// Sends the end of the stream. An error in outcome tells why the stream ends, where the job has not ended by
// itself.
void Follower::send_end(const base::Result<void>& outcome) {
    wire::StreamItem item;
    *item.mutable_ended() = job_->describe(jobs::now());
    if (!outcome) *item.mutable_ended()->mutable_error() = proto::to_wire(outcome.error());
    send(std::move(item));
}

bool Follower::at_end() const {
    return jobs::is_over(job_->state()) || cursor_.next_sequence() >= end_sequence_;
}

// Returns the first row that this peer may see; 0: it may see all that follow. The policy was asked about the
// job's present terms. Rows captured under looser terms may show more, so they are only for a peer who may
// see all rows.
std::uint64_t Follower::first_row() const {
    const std::uint64_t first = job_->first_under_terms(table_);
    if (cursor_.next_sequence() >= first) return 0;
    return may_see_all_rows(session_->peer(), *job_, session_->shared().rules) ? 0 : first;
}

bool Follower::send_rows() {
    const auto taken = cursor_.take(window(), first_row());
    if (std::holds_alternative<stream::Nothing>(taken)) return false;
    wire::StreamItem item;
    if (const auto* sealed = std::get_if<stream::Sealed>(&taken)) {
        item.mutable_rows()->set_first_sequence(sealed->first_sequence);
        item.mutable_rows()->set_run(sealed->run);
        item.mutable_rows()->set_batch(*sealed->batch);
    } else {
        const auto& gap = std::get<stream::Gap>(taken);
        item.mutable_gap()->set_table(table_);
        item.mutable_gap()->set_first(gap.first);
        item.mutable_gap()->set_last(gap.last);
        item.mutable_gap()->set_from_ns(gap.from_ns);
        item.mutable_gap()->set_to_ns(gap.to_ns);
    }
    send(std::move(item));
    return true;
}

// The packets wait for the file, so the rows wait.
bool Follower::send_want_output() {
    if (job_->output_wanted() == output_wanted_ || !session_->has_in_foreground(*job_)) return false;
    output_wanted_ = job_->output_wanted();
    wire::StreamItem item;
    item.mutable_want_output()->set_file(output_wanted_);
    send(std::move(item));
    return true;
}

bool Follower::send_notice() {
    next_notice_ = std::max(next_notice_, job_->first_notice());
    if (next_notice_ >= job_->notice_count()) return false;
    wire::StreamItem item;
    *item.mutable_notice() = job_->notice(next_notice_++);
    send(std::move(item));
    return true;
}

bool Follower::send_update() {
    const auto now = base::SteadyClock::now();
    if (now < next_update_) return false;
    next_update_ = now + kUpdateEvery;
    wire::StreamItem item;
    *item.mutable_update() = job_->describe(jobs::now());
    send(std::move(item));
    return true;
}

void Follower::send(wire::StreamItem item) {
    item.set_follow(id_);
    wire::FromDaemon message;
    *message.mutable_item() = std::move(item);
    session_->send(message);
}

}  // namespace packetsentry::control
