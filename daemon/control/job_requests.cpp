#include "daemon/control/job_requests.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/control/alternative_name.h"
#include "daemon/control/interfaces.h"
#include "daemon/control/kept_requests.h"
#include "daemon/control/verdicts.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/jobs/user_keep.h"
#include "daemon/log/log.h"
#include "daemon/spool/housekeeping/housekeeping.h"
#include "proto/words/kept_tables.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;
using policy::Action;

namespace {

std::string filter_shown(const jobs::Job& job) {
    const wire::Job told = job.describe(jobs::now());
    const std::string& display = told.capture().filter().display();
    const std::string text = told.filter_text().empty() ? "none" : told.filter_text();
    return display.empty() ? text : text + "; display filter: " + display;
}

void log_start(const Call& call, const jobs::Job& job) {
    std::string interfaces;
    for (const std::string& name : job.capture().interface())
        interfaces += (interfaces.empty() ? "" : ", ") + name;
    const std::optional<wire::Keep>& keep = job.order().keep;
    log::tell(log::Event::job_started, jobs::audit_fields(job, call.uid(), "start", job.order().verdict.rule),
              "job {} (id {}) started by uid {} on {}, filter: {}{}{}{}", job.label(), job.id(), call.uid(),
              interfaces, filter_shown(job), job.order().output_name.empty() ? "" : ", saving to ",
              job.order().output_name, keep ? ", keeping " + proto::kept_words(*keep) : std::string());
}

// Whoever started the job is not to wonder what became of its packets.
void tell_terms(jobs::Job& job) {
    const std::string terms = describe(job.order().verdict.terms);
    if (terms.empty()) return;
    job.note(job.order().verdict.rule + " of the policy: " + terms, jobs::now());
}

base::Result<void> room_for_start(Call& call, std::uint32_t jobs_by_policy) {
    if (call.request.start().foreground()) {
        if (auto room = room_for_stream(call); !room) return room;
    }
    auto room = call.shared().registry().room_for(call.shared().payer(call.uid()), jobs_by_policy);
    if (!room) call.refusal = quota::Refusal::jobs;
    return room;
}

jobs::StartLimits limits_of_start(const Call& call) {
    if (call.uid() == 0) return {};
    return {.ring_bytes = call.shared().config.ring_bytes,
            .memory_output_bytes =
                call.shared().supervisor.resources().memory_output_left(call.shared().payer(call.uid()))};
}

// What a user wants to be kept must not be lost without a word, so there is no job where nothing is kept.
base::Result<std::optional<wire::Keep>> keep_of_start(const Call& call) {
    const wire::StartJob& start = call.request.start();
    if (!start.has_keep()) return std::nullopt;
    if (!call.shared().supervisor.spool())
        return base::fail(ErrorCode::file,
                          "nothing can be kept, because the spool cannot be used; 'packetsentryctl status' "
                          "says why");
    auto keep = jobs::keep_of_user(
        start.keep(), {.bytes = call.shared().spool_user_bytes_limit, .jobs = call.shared().config.max_jobs});
    if (!keep) return std::unexpected(keep.error());
    return std::move(*keep);
}

void tell_memory(jobs::Job& job) {
    if (job.until().file_bytes() == 0) return;
    job.note("the output is in memory (tmpfs): the capture ends when the file has " +
                 std::to_string(job.until().file_bytes() >> 20) + " MiB",
             jobs::now());
}

base::Result<JobPtr> job_to_stop(Call& call, const std::string& text) {
    if (auto own = call.session.foreground_job(text)) return own;
    return find_job(call, text, Action::stop_job);
}

std::string rule_of_stop(const Call& call, const jobs::Job& job) {
    if (call.session.foreground_job(std::to_string(job.id()))) return kOwnForeground;
    return verdict_for(call, Action::stop_job, &job).rule;
}

// Until it has ended, a capture that saves to several files may need another one from the client, whose
// requests are read only after this one was answered.
bool may_need_files(const Call& call, const std::vector<JobPtr>& jobs) {
    return std::ranges::any_of(jobs, [&](const JobPtr& job) {
        return job->saves_to_several_files() && call.session.has_in_foreground(*job);
    });
}

// All are found before one is stopped; others have their turn between any two.
asio::awaitable<base::Result<std::vector<JobPtr>>> jobs_to_stop(Call& call) {
    const wire::StopJob& stop = call.request.stop();
    if (stop.all()) {
        co_return call.shared().registry().all([&](const jobs::Job& job) {
            return !jobs::is_over(job.state()) && verdict_for(call, Action::stop_job, &job).allowed;
        });
    }
    if (stop.job_size() > kJobsToStop)
        co_return base::fail(ErrorCode::usage,
                             "at most " + std::to_string(kJobsToStop) + " jobs can be stopped at once");
    std::vector<JobPtr> found;
    for (const std::string& text : stop.job()) {
        auto job = job_to_stop(call, text);
        if (!job) co_return std::unexpected(job.error());
        if (std::ranges::find(found, *job) == found.end()) found.push_back(*job);
        co_await asio::post(call.session.executor(), asio::use_awaitable);
    }
    if (found.empty()) co_return base::fail(ErrorCode::usage, "the request names no job to stop");
    co_return found;
}

}  // namespace

asio::awaitable<Outcome> start_job(Call& call) {
    wire::StartJob order = call.request.start();
    if (call.shared().stopping) co_return base::fail(ErrorCode::unreachable, "packetsentryd is stopping");
    use_own_names(*order.mutable_capture());
    if (!call.shared().unrestricted(call.uid())) {
        co_await call.shared().users.look_up(call.uid(), UserDatabase::kJustNow);
        call.session.complete_peer();
    }
    const wire::Keep* const asked = order.has_keep() ? &order.keep() : nullptr;
    policy::Verdict verdict =
        verdict_for(call, request_to_start(order.capture(), order.foreground(), asked), nullptr);
    if (!verdict.allowed) co_return refusal(call, verdict, "");
    if (auto room = room_for_start(call, verdict.terms.jobs); !room) co_return std::unexpected(room.error());
    if (order.capture().ring_bytes() == 0)
        order.mutable_capture()->set_ring_bytes(
            jobs::ring_of_each(call.shared().config.ring_bytes, order.capture().interface_size()));
    auto keep = keep_of_start(call);
    if (!keep) co_return std::unexpected(keep.error());
    const auto interfaces = list_interfaces();
    if (!interfaces) co_return std::unexpected(interfaces.error());
    const auto known = names_of(*interfaces);
    auto checked =
        jobs::check_start(order, call.uid(), known, std::move(call.descriptors), limits_of_start(call));
    if (!checked) co_return std::unexpected(checked.error());
    const bool in_memory = checked->output_in_memory;
    const base::Identity* const identity = call.shared().users.known(call.uid());
    if (!order.foreground()) {
        if (auto may = may_leave_jobs(call.session.peer(), call.shared().rules, identity); !may)
            co_return std::unexpected(may.error());
    }
    checked->order.keep = std::move(*keep);
    checked->order.owner_groups = groups_of(call.session.peer());
    checked->order.payer = call.shared().payer(call.uid());
    checked->order.database_member = is_database_member(identity, call.shared().rules);
    checked->order.verdict = std::move(verdict);
    checked->wanted = [&session = call.session] { return session.client_is_there(); };
    const auto job = co_await call.shared().supervisor.start(std::move(*checked));
    if (!job) co_return std::unexpected(job.error());
    log_start(call, **job);
    tell_terms(**job);
    if (in_memory) tell_memory(**job);
    Answer answer = answer_with(call, {*job});
    if (order.foreground()) {
        call.session.keep_in_foreground(*job);
        const auto table = order.capture().table().empty() ? wire::TABLE_PACKETS : order.capture().table(0);
        answer.afterwards = [&session = call.session, job = *job, id = call.request.id(), table] {
            wire::Follow all;
            all.set_from_sequence(1);
            all.set_table(static_cast<wire::Table>(table));
            session.follow(job, id, all);
        };
    }
    co_return answer;
}

bool stops_own_foreground(const Call& call) {
    const wire::StopJob& stop = call.request.stop();
    return !stop.all() && stop.job_size() != 0 && std::ranges::all_of(stop.job(), [&](const auto& id) {
        return call.session.foreground_job(id) != nullptr;
    });
}

asio::awaitable<Outcome> stop_jobs(Call& call) {
    const auto found = co_await jobs_to_stop(call);
    if (!found) co_return std::unexpected(found.error());
    for (const JobPtr& job : *found)
        if (!jobs::is_over(job->state()))
            log::tell(log::Event::job_stopped,
                      jobs::audit_fields(*job, call.uid(), "stop", rule_of_stop(call, *job)),
                      "job {} (id {}) stopped by uid {}", job->label(), job->id(), call.uid());
    // A client that goes away while its own capture ends does not wait for what is left of that.
    jobs::Supervisor::GivenUp given_up = [session = call.session.shared_from_this()](const jobs::Job& job) {
        return session->has_in_foreground(job) && !session->client_is_there();
    };
    jobs::Ending ending{.by = call.uid()};
    auto stopped = call.shared().supervisor.stop(*found, std::move(ending), std::move(given_up));
    if (may_need_files(call, *found)) {
        asio::co_spawn(call.session.executor(), std::move(stopped), asio::detached);
        co_return answer_with(call, *found);
    }
    co_await std::move(stopped);
    co_return answer_with(call, *found);
}

asio::awaitable<Outcome> list_jobs(Call& call) {
    Answer answer = answer_with(call, call.shared().registry().all([&](const jobs::Job& job) {
        return verdict_for(call, Action::see_job, &job).allowed;
    }));
    co_await describe_kept(call, *answer.reply.mutable_jobs());
    co_return answer;
}

asio::awaitable<Outcome> show_job(Call& call) {
    const auto job = find_job(call, call.request.show().job(), Action::see_job);
    if (!job) co_return std::unexpected(job.error());
    Answer answer = answer_with(call, {*job});
    co_await describe_kept(call, *answer.reply.mutable_jobs());
    co_return answer;
}

asio::awaitable<Outcome> change_filter(Call& call) {
    const wire::ChangeFilter& change = call.request.filter();
    const auto job = find_job(call, change.job(), Action::change_filter);
    if (!job) co_return std::unexpected(job.error());
    const auto changed = co_await call.shared().supervisor.change_filter(*job, change.filter());
    if (!changed) co_return std::unexpected(changed.error());
    log::tell(log::Event::filter_changed, audit_of(call, **job, Action::change_filter, "filter"),
              "job {} (id {}) has a new filter by uid {}: {}", (*job)->label(), (*job)->id(), call.uid(),
              filter_shown(**job));
    co_return answer_with(call, {*job});
}

asio::awaitable<Outcome> renew_job(Call& call) {
    const auto job = find_job(call, call.request.renew().job(), Action::renew_job);
    if (!job) co_return std::unexpected(job.error());
    if (auto renewed = call.shared().supervisor.renew(*job); !renewed)
        co_return std::unexpected(renewed.error());
    log::tell(log::Event::job_renewed, audit_of(call, **job, Action::renew_job, "renew"),
              "job {} (id {}) renewed by uid {}", (*job)->label(), (*job)->id(), call.uid());
    co_return answer_with(call, {*job});
}

}  // namespace packetsentry::control
