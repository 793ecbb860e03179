#include "daemon/control/requests.h"

#include <net/if.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <ranges>
#include <utility>

#include "daemon/control/alternative_name.h"
#include "daemon/control/interfaces.h"
#include "daemon/control/policy_check.h"
#include "daemon/control/replies.h"
#include "daemon/control/session.h"
#include "daemon/control/verdicts.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/jobs/terms.h"
#include "daemon/log/log.h"
#include "daemon/quota/refusal.h"
#include "proto/link/channel.h"
#include "proto/link/peer_error.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;
using policy::Action;
using JobPtr = jobs::Supervisor::JobPtr;
using Outcome = base::Result<Answer>;

namespace {

constexpr std::size_t kFieldsOfRefusal = 4 + jobs::kInterfacesOfJob;
// Bytes of jobs told in full in one answer. Of the others there are 11,024 at most, in 110 bytes each.
constexpr std::size_t kWholeJobs = proto::kBatchFrameLimit / 2;

struct Call {
    Session& session;
    const wire::Request& request;
    std::vector<base::UniqueFd> descriptors;
    std::string rule = {};                              // that refused it
    quota::Refusal refusal = quota::Refusal::requests;  // what an error counts as

    [[nodiscard]] Shared& shared() const { return session.shared(); }
    [[nodiscard]] uid_t uid() const { return session.peer().uid; }
    [[nodiscard]] Answer answer() const { return {reply_to(request), {}}; }
};

policy::Verdict verdict_for(const Call& call, const policy::Request& request, const jobs::Job* job) {
    return verdict_on(call.session.peer(), request, job, call.shared().rules);
}

std::unexpected<base::Error> refusal(Call& call, const policy::Verdict& verdict, const std::string& what) {
    call.rule = verdict.rule;
    return base::fail(
        ErrorCode::not_permitted,
        what + verdict.reason +
            (call.shared().rules.policy ? "; 'packetsentryctl policy check' shows what you may do" : ""));
}

base::Result<JobPtr> find_job(Call& call, const std::string& text, Action action) {
    const auto visible = [&](const jobs::Job& one) {
        return can_find(call.session.peer(), action, one, call.shared().rules);
    };
    auto job = call.shared().registry().find(text, visible, call.uid());
    if (!job) return job;
    const policy::Verdict verdict = verdict_for(call, action, job->get());
    if (verdict.allowed) return job;
    return refusal(call, verdict,
                   std::string("you may not ") + policy::name_of(action) + " job " + (*job)->label() + ": ");
}

// A job in the foreground ends with the connection that began it. So whoever has that connection may end the
// job in order too, whatever the policy says of stopping jobs.
constexpr const char* kOwnForeground = "own foreground capture";

bool stops_own_foreground(const Call& call) {
    const wire::StopJob& stop = call.request.stop();
    return !stop.all() && stop.job_size() != 0 && std::ranges::all_of(stop.job(), [&](const auto& id) {
        return call.session.foreground_job(id) != nullptr;
    });
}

base::Result<JobPtr> job_to_stop(Call& call, const std::string& text) {
    if (auto own = call.session.foreground_job(text)) return own;
    return find_job(call, text, Action::stop_job);
}

std::string rule_of_stop(const Call& call, const jobs::Job& job) {
    if (call.session.foreground_job(std::to_string(job.id()))) return kOwnForeground;
    return verdict_for(call, Action::stop_job, &job).rule;
}

// Who did what to it, and which rule lets them.
log::Fields audit_of(const Call& call, const jobs::Job& job, Action action, const char* name) {
    return jobs::audit_fields(job, call.uid(), name, verdict_for(call, action, &job).rule);
}

// Which one it is, and no more.
wire::Job brief(const wire::Job& whole) {
    wire::Job known;
    known.set_id(whole.id());
    known.set_name(whole.name());
    known.set_state(whole.state());
    known.set_owner_uid(whole.owner_uid());
    known.set_expires_ns(whole.expires_ns());
    return known;
}

bool may_see(const Call& call, const jobs::Job& job) {
    return job.order().owner == call.uid() || verdict_for(call, Action::see_job, &job).allowed;
}

// Who may act on another's job and not see it is told which one it was. So is everybody of jobs that are too
// many for one answer, the oldest.
Answer answer_with(const Call& call, const std::vector<JobPtr>& jobs) {
    Answer answer = call.answer();
    auto* list = answer.reply.mutable_jobs();
    std::size_t bytes = 0;
    for (const JobPtr& job : jobs | std::views::reverse) {
        wire::Job whole = job->describe(jobs::now());
        const bool fits = (bytes += whole.ByteSizeLong()) <= kWholeJobs;
        *list->add_job() = fits && may_see(call, *job) ? std::move(whole) : brief(whole);
    }
    std::reverse(list->mutable_job()->pointer_begin(), list->mutable_job()->pointer_end());
    return answer;
}

std::string filter_shown(const jobs::Job& job) {
    const std::string text = job.describe(jobs::now()).filter_text();
    return text.empty() ? "none" : text;
}

void log_start(const Call& call, const jobs::Job& job) {
    std::string interfaces;
    for (const std::string& name : job.capture().interface())
        interfaces += (interfaces.empty() ? "" : ", ") + name;
    log::tell(log::Event::job_started, jobs::audit_fields(job, call.uid(), "start", job.order().verdict.rule),
              "job {} (id {}) started by uid {} on {}, filter: {}{}{}", job.label(), job.id(), call.uid(),
              interfaces, filter_shown(job), job.order().output_name.empty() ? "" : ", saving to ",
              job.order().output_name);
}

// Whoever started the job is not to wonder what became of its packets.
void tell_terms(jobs::Job& job) {
    const std::string terms = describe(job.order().verdict.terms);
    if (terms.empty()) return;
    job.note(job.order().verdict.rule + " of the policy: " + terms, jobs::now());
}

base::Result<void> room_for_stream(Call& call) {
    auto room = call.session.may_follow_more();
    if (!room) call.refusal = quota::Refusal::streams;
    return room;
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

void tell_memory(jobs::Job& job) {
    if (job.until().file_bytes() == 0) return;
    job.note("the output lies in memory (tmpfs): the capture ends when it has " +
                 std::to_string(job.until().file_bytes() >> 20) + " MiB",
             jobs::now());
}

asio::awaitable<Outcome> start(Call& call) {
    wire::StartJob order = call.request.start();
    if (call.shared().stopping) co_return base::fail(ErrorCode::unreachable, "packetsentryd is stopping");
    jobs::clear_terms(*order.mutable_capture());
    use_own_names(*order.mutable_capture());
    if (!call.shared().unrestricted(call.uid())) {
        co_await call.shared().users.look_up(call.uid(), UserDatabase::kJustNow);
        call.session.complete_peer();
    }
    policy::Verdict verdict =
        verdict_for(call, request_to_start(order.capture(), order.foreground()), nullptr);
    if (!verdict.allowed) co_return refusal(call, verdict, "");
    if (auto room = room_for_start(call, verdict.terms.jobs); !room) co_return std::unexpected(room.error());
    if (order.capture().ring_bytes() == 0)
        order.mutable_capture()->set_ring_bytes(
            jobs::ring_of_each(call.shared().config.ring_bytes, order.capture().interface_size()));
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
        answer.afterwards = [&session = call.session, job = *job, id = call.request.id()] {
            session.follow(job, id, 1, false);
        };
    }
    co_return answer;
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
    if (found.empty()) co_return base::fail(ErrorCode::usage, "no job given to stop");
    co_return found;
}

asio::awaitable<Outcome> stop(Call& call) {
    const auto found = co_await jobs_to_stop(call);
    if (!found) co_return std::unexpected(found.error());
    for (const JobPtr& job : *found)
        if (!jobs::is_over(job->state()))
            log::tell(log::Event::job_stopped,
                      jobs::audit_fields(*job, call.uid(), "stop", rule_of_stop(call, *job)),
                      "job {} (id {}) stopped by uid {}", job->label(), job->id(), call.uid());
    // A client that goes away while its own capture ends does not wait for what is left of that.
    jobs::Supervisor::GivenUp given_up = [&session = call.session](const jobs::Job& job) {
        return session.has_in_foreground(job) && !session.client_is_there();
    };
    jobs::Ending ending{.by = call.uid()};
    auto stopped = call.shared().supervisor.stop(*found, std::move(ending), std::move(given_up));
    co_await std::move(stopped);
    co_return answer_with(call, *found);
}

asio::awaitable<Outcome> list(Call& call) {
    co_return answer_with(call, call.shared().registry().all([&](const jobs::Job& job) {
        return verdict_for(call, Action::see_job, &job).allowed;
    }));
}

asio::awaitable<Outcome> show(Call& call) {
    const auto job = find_job(call, call.request.show().job(), Action::see_job);
    if (!job) co_return std::unexpected(job.error());
    co_return answer_with(call, {*job});
}

asio::awaitable<Outcome> follow(Call& call) {
    const wire::Follow& follow = call.request.follow();
    const Action action = follow.from_sequence() == 0 ? Action::follow_job : Action::read_past;
    const auto job = find_job(call, follow.job(), action);
    if (!job) co_return std::unexpected(job.error());
    if ((*job)->order().owner != call.uid())
        log::tell(log::Event::job_read, audit_of(call, **job, action, "follow"),
                  "job {} (id {}) of uid {} is read by uid {}", (*job)->label(), (*job)->id(),
                  (*job)->order().owner, call.uid());
    if (auto room = room_for_stream(call); !room) co_return std::unexpected(room.error());
    Answer answer = answer_with(call, {*job});
    answer.afterwards = [&session = call.session, job = *job, id = call.request.id(),
                         from = follow.from_sequence(),
                         kept_only = follow.kept_only()] { session.follow(job, id, from, kept_only); };
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

asio::awaitable<Outcome> renew(Call& call) {
    const auto job = find_job(call, call.request.renew().job(), Action::renew_job);
    if (!job) co_return std::unexpected(job.error());
    if (auto renewed = call.shared().supervisor.renew(*job); !renewed)
        co_return std::unexpected(renewed.error());
    log::tell(log::Event::job_renewed, audit_of(call, **job, Action::renew_job, "renew"),
              "job {} (id {}) renewed by uid {}", (*job)->label(), (*job)->id(), call.uid());
    co_return answer_with(call, {*job});
}

asio::awaitable<Outcome> check_policy(Call& call) {
    auto verdict = checked_policy(call.session.peer(), call.request.policy(), call.shared());
    if (!verdict) co_return std::unexpected(verdict.error());
    Answer answer = call.answer();
    *answer.reply.mutable_verdict() = std::move(*verdict);
    co_return answer;
}

asio::awaitable<Outcome> interfaces(Call& call) {
    auto interfaces = list_interfaces();
    if (!interfaces) co_return std::unexpected(interfaces.error());
    Answer answer = call.answer();
    *answer.reply.mutable_interfaces() = std::move(*interfaces);
    co_return answer;
}

void put_policy(const Shared& shared, wire::Status& status) {
    status.set_policy_since_ns(shared.policy_since_ns);
    if (!shared.rules.policy) return;
    status.set_policy_file(shared.rules.policy->path);
    status.set_policy_rules(static_cast<std::uint32_t>(shared.rules.policy->rules.size()));
}

void put_use(const quota::CaptureUse& use, wire::CaptureUse& put) {
    put.set_sockets(use.sockets);
    put.set_ring_bytes(use.ring_bytes);
    put.set_filter_instructions(use.filter_instructions);
    put.set_memory_output_bytes(use.memory_output_bytes);
}

// Root has no limits but the machine's.
void put_resources(const quota::CaptureResources& resources, uid_t user, wire::Status& status) {
    put_use(resources.use_of_all(), *status.mutable_captures());
    put_use(resources.use(user), *status.mutable_your_captures());
    const quota::CaptureLimits& limits = resources.limits();
    status.mutable_captures_limit()->set_ring_bytes(limits.ring_bytes);
    if (user == 0) return;
    wire::CaptureUse& yours = *status.mutable_your_captures_limit();
    yours.set_sockets(limits.sockets);
    yours.set_sockets_per_interface(limits.sockets_per_interface);
    yours.set_ring_bytes(limits.user_ring_bytes);
    yours.set_filter_instructions(limits.interface_instructions);
    yours.set_memory_output_bytes(limits.memory_output_bytes);
}

asio::awaitable<Outcome> status(Call& call) {
    Shared& shared = call.shared();
    Answer answer = call.answer();
    wire::Status& status = *answer.reply.mutable_status();
    status.set_version(PACKETSENTRY_VERSION);
    status.set_started_ns(shared.started_ns);
    status.set_pid(static_cast<std::uint32_t>(::getpid()));
    status.set_live_jobs(shared.registry().live());
    status.set_finished_jobs(shared.registry().finished());
    status.set_clients(static_cast<std::uint32_t>(shared.accounts.held(quota::Held::connection)));
    status.set_kept_bytes(shared.registry().kept_bytes());
    status.set_kept_bytes_limit(shared.registry().limits().kept_bytes);
    status.set_refused(shared.refusals.all());
    for (std::size_t i = 0; i < quota::Refusals::kKinds; ++i) {
        const auto kind = static_cast<quota::Refusal>(i);
        if (shared.refusals.of(kind) == 0) continue;
        auto& refusals = *status.add_refusals();
        refusals.set_kind(std::string(name_of(kind)));
        refusals.set_count(shared.refusals.of(kind));
    }
    status.set_delayed_requests(shared.delayed_requests);
    status.set_streams(static_cast<std::uint32_t>(shared.accounts.held(quota::Held::stream)));
    status.set_waiting_bytes(shared.accounts.held(quota::Held::byte));
    status.set_worker_failures(shared.supervisor.worker_failures());
    status.set_uid(::geteuid());
    status.set_may_capture(shared.may_capture());
    status.set_socket(shared.config.socket);
    put_policy(shared, status);
    put_resources(shared.supervisor.resources(), shared.payer(call.uid()), status);
    co_return answer;
}

asio::awaitable<Outcome> second_hello(Call&) {
    co_return base::fail(ErrorCode::usage, "hello was already sent");
}

struct RequestKind {
    wire::Request::MessageCase kind;
    const char* name;
    Action action;  // asked of the policy before the handler sees the request
    asio::awaitable<Outcome> (*handler)(Call&);
};

constexpr std::array kRequests = {
    RequestKind{wire::Request::kHello, "hello", Action::connect, second_hello},
    RequestKind{wire::Request::kStart, "start", Action::start_job, start},
    RequestKind{wire::Request::kStop, "stop", Action::stop_job, stop},
    RequestKind{wire::Request::kList, "list", Action::see_job, list},
    RequestKind{wire::Request::kShow, "show", Action::see_job, show},
    RequestKind{wire::Request::kFollow, "follow", Action::follow_job, follow},
    RequestKind{wire::Request::kFilter, "filter", Action::change_filter, change_filter},
    RequestKind{wire::Request::kInterfaces, "interfaces", Action::see_daemon, interfaces},
    RequestKind{wire::Request::kStatus, "status", Action::see_daemon, status},
    RequestKind{wire::Request::kPolicy, "policy", Action::read_policy, check_policy},
    RequestKind{wire::Request::kRenew, "renew", Action::renew_job, renew},
};

policy::Verdict verdict_on_kind(const RequestKind& kind, const Call& call) {
    if (call.request.has_stop() && stops_own_foreground(call))
        return {.allowed = true, .reason = "it ends with the connection", .rule = kOwnForeground};
    return verdict_for(call, kind.action, nullptr);
}

asio::awaitable<Outcome> permitted(const RequestKind& kind, Call& call) {
    const policy::Verdict verdict = verdict_on_kind(kind, call);
    if (!verdict.allowed) co_return refusal(call, verdict, "");
    log::tell(log::Event::detail,
              {log::uid_field(call.uid()),
               {log::kAction, kind.name},
               {log::kVerdict, "allowed"},
               {log::kRule, verdict.rule}},
              "uid {} may {}: {}", call.uid(), kind.name, verdict.reason);
    co_return co_await kind.handler(call);
}

asio::awaitable<Outcome> dispatch(Call& call, const RequestKind* kind) {
    if (kind == kRequests.end())
        co_return base::fail(ErrorCode::usage,
                             "this request is not known to packetsentryd " PACKETSENTRY_VERSION);
    co_return co_await permitted(*kind, call);
}

void tell_refusal(const Call& call, const char* action, const base::Error& error) {
    const wire::Request& request = call.request;
    log::Fields fields = quota::refused_fields(call.uid(), action);
    if (!call.rule.empty()) fields.push_back({log::kRule, call.rule});
    for (const std::string& name : request.start().capture().interface())
        if (fields.size() < kFieldsOfRefusal) fields.push_back({log::kInterface, name.substr(0, IFNAMSIZ)});
    log::tell(log::Event::refused, fields, "refused uid {}: {}: {}", call.uid(), action, error.message);
}

}  // namespace

asio::awaitable<Answer> answer_request(Session& session, const wire::Request& request,
                                       std::vector<base::UniqueFd> descriptors) {
    const auto* kind = std::ranges::find(kRequests, request.message_case(), &RequestKind::kind);
    if (request.message_case() != wire::Request::kStart) descriptors.clear();
    Call call{session, request, std::move(descriptors)};
    auto outcome = co_await dispatch(call, kind);
    if (outcome) co_return std::move(*outcome);
    session.shared().refusals.count(
        outcome.error().code == ErrorCode::not_permitted ? quota::Refusal::permission : call.refusal);
    tell_refusal(call, kind == kRequests.end() ? "unknown" : kind->name, outcome.error());
    co_return Answer{error_reply(request.id(), outcome.error()), {}};
}

}  // namespace packetsentry::control
