#include "daemon/jobs/supervisor.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/jobs/compile_turn.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/jobs/policy_change.h"
#include "daemon/log/log.h"
#include "daemon/loop/sleeper.h"
#include "daemon/loop/spawn.h"
#include "proto/words/state_names.h"

namespace packetsentry::jobs {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kToBeGone{500};
constexpr std::chrono::milliseconds kToAskForWaiters{200};
constexpr const char* kOutputLost = "the output file did not stay open when packetsentryd restarted";
constexpr const char* kExpired = "its lifetime is over, and nobody renewed it";

std::unexpected<base::Error> not_running(const Job& job) {
    return base::fail(base::ErrorCode::usage,
                      "job " + job.label() + " is " + std::string(proto::state_phrase(job.state())));
}

// Goes on in an output that was kept, behind what an earlier worker has written.
wire::Save save_into(const base::UniqueFd& kept, const wire::Save& before) {
    wire::Save save;
    if (!kept) return save;
    save.set_format(before.format());
    save.set_compression(before.compression());
    const auto size = workers::file_size(kept.get());
    save.set_continued(!size || *size != 0);
    return save;
}

// Returns why a job that comes back saves no more, or null. kept: its output, if that stayed open.
const char* why_not_saved(const base::UniqueFd& kept, const wire::StoredJob& stored) {
    if (!kept) return stored.capture().save().format() != wire::SAVE_NONE ? kOutputLost : nullptr;
    if (workers::is_removed(kept.get())) return workers::kOutputRemoved;
    return workers::is_truncated(kept.get(), stored.ledger().saved_bytes()) ? workers::kOutputTruncated
                                                                            : nullptr;
}

std::string away_text(std::int64_t alive_ns, std::int64_t now_ns) {
    const auto seconds = std::max<std::int64_t>(0, now_ns - alive_ns + 500'000'000) / 1'000'000'000;
    return "packetsentryd was started again: no packets were captured for about " + std::to_string(seconds) +
           " s before that";
}

// Tells whether the job begins later: its interface does not exist yet, or is down, and it was ordered to
// wait for that.
bool begins_later(const Job& job, const base::Error& why) {
    return why.code == base::ErrorCode::interface && job.order().begin_waiting &&
           job.state() == wire::JOB_STARTING;
}

}  // namespace

base::Result<policy::Verdict> Supervisor::permit(const Job& job) const {
    policy::Verdict verdict = policy_(job.order());
    if (verdict.allowed) return verdict;
    return base::fail(base::ErrorCode::not_permitted,
                      "the policy does not allow job " + job.label() + " any more: " + verdict.reason);
}

asio::awaitable<base::Result<policy::Verdict>> Supervisor::permit_anew(JobPtr job) {
    if (look_up_) co_await look_up_(job->order().owner);
    // The policy knows interfaces by the names that they have now, under which the next worker opens them.
    if (job->look_at_interfaces(read_interface_counts())) store(*job);
    co_return permit(*job);
}

std::vector<uid_t> Supervisor::owners() const {
    std::set<uid_t> owners;
    for (const auto& [id, live] : live_) owners.insert(live.job().order().owner);
    return {owners.begin(), owners.end()};
}

Supervisor::RunningPtr Supervisor::make_running(const JobPtr& job, base::UniqueFd output) {
    std::shared_ptr<FreshSegments> segments;
    if (job->order().keep && spool_)
        segments = std::make_shared<FreshSegments>(executor_, job, spool_, sync_interval_);
    else if (job->order().keep)
        job->note("its rows are not kept, because the spool cannot be used", now());
    auto running = std::make_shared<RunningJob>(
        executor_, job, worker_path_, mask_key_, *resources_, std::move(output), std::move(segments),
        RunningJob::Hooks{.permit = [this, job] { return permit_anew(job); },
                          .turn = [this, job] { return turn(job); },
                          .after_rows = [this] { registry_.trim(now()); },
                          .saving_ended =
                              [this, job] {
                                  keeper_.forget_output(job->id());
                                  store(*job);
                              },
                          .renamed = [this, job] { store(*job); },
                          .worker_failed = [this] { ++worker_failures_; },
                          .output_changed =
                              [this, job] {
                                  if (LiveJob* const live = find(*job)) keeper_.store_cut(*live);
                              }});
    live_.emplace(job->id(), LiveJob{.running = running});
    return running;
}

// Refuses an output that another job writes: two jobs that write into one file would destroy each other's
// packets. Another user is not told whose job it is.
base::Result<void> Supervisor::check_output_is_free(int output, const std::string& name, uid_t owner) const {
    const auto id = output >= 0 ? workers::file_id(output) : std::nullopt;
    const auto taken =
        std::ranges::find_if(live_, [&](const auto& one) { return id && one.second.running->writes(*id); });
    if (taken == live_.end()) return {};
    const Job& job = taken->second.job();
    const std::string whose = job.order().owner == owner ? "job " + job.label() : std::string("another job");
    return base::fail(base::ErrorCode::file, "cannot save to '" + name + "': " + whose +
                                                 " is writing that file; choose another name");
}

base::Result<void> Supervisor::give_output(const JobPtr& job, std::uint64_t number,
                                           base::Result<GivenOutput> given) {
    const auto running = this->running(*job);
    if (!running) return not_running(*job);
    if (given) {
        auto good = check_given(given->file.get(), running->output());
        if (good) good = check_output_is_free(given->file.get(), given->name, job->order().owner);
        if (!good) given = std::unexpected(good.error());
    }
    return running->give_output(number, std::move(given));
}

void Supervisor::end_outputs(const JobPtr& job) {
    if (const auto running = this->running(*job)) running->end_outputs();
}

asio::awaitable<base::Result<Supervisor::JobPtr>> Supervisor::start(CheckedStart start) {
    if (suspending_) co_return base::fail(base::ErrorCode::unreachable, "packetsentryd is stopping");
    auto free = check_output_is_free(start.output.get(), start.order.output_name, start.order.owner);
    if (!free) co_return std::unexpected(free.error());
    auto job = registry_.add(std::move(start.order), now());
    if (!job) co_return job;
    const std::uint64_t id = (*job)->id();
    const auto running = make_running(*job, std::move(start.output));
    auto turn = co_await this->turn(*job);
    base::Result<void> started;
    if (turn && start.wanted && !start.wanted())
        started =
            base::fail(base::ErrorCode::unreachable, "its client disconnected before the capture began");
    else if (turn)
        started = co_await running->start(std::move(turn));
    else
        started = base::fail(base::ErrorCode::usage, "the job was stopped before it ran");
    if (!started && begins_later(**job, started.error())) {
        running->wait_to_start(started.error());
        started = {};
    }
    if (!started) {
        if (started.error().code == base::ErrorCode::internal) ++worker_failures_;
        live_.erase(id);
        registry_.remove(id);
        (*job)->fail(started.error(), now());
        co_return std::unexpected(started.error());
    }
    if (LiveJob* const live = find(**job)) {
        keeper_.keep_output(*live);
        keeper_.store(*live);
    }
    loop::spawn(executor_, accompany(running));
    co_return job;
}

asio::awaitable<quota::CaptureResources::TurnPtr> Supervisor::turn(JobPtr job) {
    return turn_to_compile(executor_, resources_, std::move(job));
}

asio::awaitable<void> Supervisor::accompany(RunningPtr running) {
    co_await running->over();
    const JobPtr job = running->job();
    if (auto live = live_.extract(job->id())) keeper_.settle(live.mapped(), suspending_);
    tell_end(*job);
    registry_.trim(now());
}

// A job that is over is not stored again, whoever still had something to change about it.
void Supervisor::store(const Job& job) {
    if (LiveJob* const live = find(job)) keeper_.store(*live);
}

void Supervisor::store_progress() {
    for (auto& [id, live] : live_) keeper_.store_progress(live);
}

void Supervisor::suspend() {
    suspending_ = true;
    for (const auto& [id, live] : live_) {
        live.running->job()->ends_by(
            {.because = "packetsentryd was stopped or restarted", .with_daemon = true});
        live.running->stop(RunningJob::Reader::is_left);
    }
}

void Supervisor::resume(Outputs outputs, const LastRuns& last_runs) {
    auto loaded = keeper_.load();
    for (const std::string& problem : loaded.problems)
        log::tell(log::Event::trouble, {}, "a job from before the restart is not resumed: {}", problem);
    for (wire::StoredJob& stored : loaded.jobs) {
        if (const auto last = last_runs.find(stored.id()); last != last_runs.end())
            stored.set_run(std::max(stored.run(), last->second));
        const JobPtr job = registry_.resume(stored, now());
        auto output = outputs.extract(stored.id());
        base::UniqueFd kept = output ? std::move(output.mapped()) : base::UniqueFd();
        const char* const lost = why_not_saved(kept, stored);
        if (lost != nullptr)
            job->end_saving(lost, stored.counted_ns() != 0 ? stored.counted_ns() : stored.alive_ns());
        if (job->saving_ended()) kept.reset();
        if (kept) job->save_as(save_into(kept, stored.capture().save()));
        loop::spawn(executor_, resume_job(make_running(job, std::move(kept)), stored.alive_ns(), lost));
    }
    for (const auto& [id, output] : outputs) keeper_.forget_output(id);
}

asio::awaitable<void> Supervisor::resume_job(RunningPtr running, std::int64_t alive_ns,
                                             const char* output_lost) {
    const JobPtr job = running->job();
    job->begin_loss(wire::Loss::DAEMON_AWAY, {alive_ns, {}});
    const auto verdict = co_await permit_anew(job);
    if (!verdict) {
        job->fail(verdict.error(), now());
        co_return co_await accompany(running);
    }
    job->take(*verdict, now());
    if (job->has_expired(now())) {
        end_for(running, log::Event::job_expired, kExpired);
        job->finish(wire::END_ASKED, now());
        co_return co_await accompany(running);
    }
    const auto again = co_await running->resume();
    if (again) {
        job->end_loss(wire::Loss::DAEMON_AWAY, now());
        job->note(away_text(alive_ns, now().wall_ns), now());
        if (output_lost != nullptr) {
            wire::Notice notice;
            notice.set_kind(wire::Notice::SAVE_FAILED);
            notice.set_text(output_lost);
            job->note(notice, now());
        }
        log::tell(log::Event::job_resumed, own_fields(*job), "job {} (id {}) goes on: {}{}", job->label(),
                  job->id(), away_text(alive_ns, now().wall_ns),
                  output_lost != nullptr ? "; packets are no longer saved" : "");
        store(*job);
    }
    co_await accompany(running);
}

void Supervisor::look_at_interfaces() {
    if (live_.empty()) return;
    const InterfaceTable table = read_interface_counts();
    for (const auto& [id, live] : live_) live.running->look_at_interfaces(table);
}

void Supervisor::look_at_outputs() {
    for (const auto& [id, live] : live_) live.running->look_at_output();
}

void Supervisor::look_at_segments() {
    for (const auto& [id, live] : live_) live.running->look_at_segments();
}

void Supervisor::look_at_clock() {
    const auto told = clock_watch_.look(Clocks::read());
    if (!told) return;
    log::tell(log::Event::clock_set, {}, "{}", *told);
    for (const auto& [id, live] : live_) live.running->job()->note(*told, now());
}

void Supervisor::tell_end(const Job& job) {
    const auto packets = job.ledger().recorded();
    if (job.state() == wire::JOB_FINISHED) {
        log::tell(log::Event::job_finished, own_fields(job), "job {} (id {}) finished: {} packets",
                  job.label(), job.id(), packets);
        return;
    }
    log::tell(log::Event::job_failed, own_fields(job), "job {} (id {}) failed after {} packets: {}",
              job.label(), job.id(), packets, job.error().message);
}

LiveJob* Supervisor::find(const Job& job) {
    const auto found = live_.find(job.id());
    return found == live_.end() ? nullptr : &found->second;
}

Supervisor::RunningPtr Supervisor::running(const Job& job) {
    const LiveJob* const live = find(job);
    return live == nullptr ? nullptr : live->running;
}

asio::awaitable<base::Result<void>> Supervisor::change_filter(JobPtr job, wire::Filter filter) {
    const auto running = this->running(*job);
    if (!running) co_return not_running(*job);
    auto turn = co_await this->turn(job);
    if (!turn) co_return not_running(*job);
    auto verdict = co_await permit_anew(job);
    if (!verdict) co_return std::unexpected(verdict.error());
    auto changed = co_await running->change_filter(std::move(filter), std::move(*verdict), std::move(turn));
    if (changed) store(*job);
    co_return changed;
}

asio::awaitable<void> Supervisor::write_what_waits() {
    const auto left = std::make_shared<std::size_t>(0);
    const auto changed = std::make_shared<loop::ChangeEvent>();
    for (const auto& [id, live] : live_) {
        if (!live.job().order().keep) continue;
        ++*left;
        loop::spawn(executor_, live.running->write_what_waits(), [left, changed] {
            --*left;
            changed->notify();
        });
    }
    loop::Sleeper sleeper(executor_, *changed);
    const auto all = [left] { return *left == 0; };
    co_await sleeper.until(all);
}

void Supervisor::change_keeping(const JobPtr& job, const wire::Keep& keep, const wire::Standing& standing) {
    if (!job->change_keeping(keep, standing)) return;
    log::tell(log::Event::reloaded, own_fields(*job),
              "standing job {} (id {}): how long its rows are kept, or who may read them, has changed",
              job->label(), job->id());
    store(*job);
}

base::Result<void> Supervisor::renew(const JobPtr& job) {
    if (!running(*job)) return not_running(*job);
    const auto verdict = permit(*job);
    if (!verdict) return std::unexpected(verdict.error());
    if (verdict->terms.lifetime.count() == 0 && job->expires_ns() == 0) return {};
    job->renew(verdict->terms.lifetime, now());
    store(*job);
    return {};
}

// Whatever becomes of the daemon before the worker has ended, the job does not come back.
void Supervisor::end(const RunningPtr& running, Ending ending, RunningJob::Reader reader) {
    running->job()->ends_by(std::move(ending));
    if (LiveJob* const live = find(*running->job())) keeper_.end_for_good(*live);
    running->stop(reader);
}

// The notice first: followers have it before the end.
void Supervisor::end_for(const RunningPtr& running, log::Event event, const std::string& why) {
    const Job& job = *running->job();
    if (job.state() == wire::JOB_STOPPING) return;
    log::tell(event, own_fields(job), "job {} (id {}) ends: {}", job.label(), job.id(), why);
    running->job()->note("the job ends: " + why, now());
    end(running, {.because = why}, RunningJob::Reader::is_left);
}

void Supervisor::end_expired() {
    const Moment time = now();
    for (const auto& [id, live] : live_)
        if (live.job().has_expired(time)) end_for(live.running, log::Event::job_expired, kExpired);
}

void Supervisor::apply_policy() {
    std::vector<RunningPtr> all;
    for (const auto& [id, live] : live_) all.push_back(live.running);
    for (RunningPtr& running : all) loop::spawn(executor_, apply_policy_to(std::move(running)));
}

asio::awaitable<void> Supervisor::apply_policy_to(RunningPtr running) {
    const JobPtr job = running->job();
    PolicyChange change(
        executor_, running,
        {.verdict = [this, job] { return policy_(job->order()); },
         .turn = [this, job] { return turn(job); },
         .store = [this, job] { store(*job); },
         .end = [this,
                 running](const std::string& why) { end_for(running, log::Event::job_forbidden, why); }});
    co_await change.run();
}

asio::awaitable<void> Supervisor::stop(std::vector<JobPtr> jobs, Ending ending, GivenUp given_up) {
    std::vector<RunningPtr> asked;
    for (const JobPtr& job : jobs)
        if (auto running = this->running(*job)) asked.push_back(std::move(running));
    for (const RunningPtr& running : asked) end(running, ending, RunningJob::Reader::is_waited_for);
    for (const RunningPtr& running : asked) {
        while (!is_over(running->job()->state())) {
            co_await running->over(base::SteadyClock::now() + kToAskForWaiters);
            if (given_up && given_up(*running->job())) running->stop(RunningJob::Reader::is_left);
        }
    }
    // Whoever stops a job at a limit may start another at once. A process that waits for a file system is not
    // waited for.
    const auto deadline = base::SteadyClock::now() + kToBeGone;
    for (const RunningPtr& running : asked) co_await running->gone(deadline);
}

}  // namespace packetsentry::jobs
