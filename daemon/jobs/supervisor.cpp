#include "daemon/jobs/supervisor.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <exception>

#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/log/log.h"
#include "daemon/stream/wake.h"

namespace packetsentry::jobs {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kToTryAgain{2};
constexpr std::chrono::minutes kToStoreCounts{1};

// Where trying again is of no use: what was ordered is wrong, and stays so.
bool is_final(const base::Error& error) {
    return error.code == base::ErrorCode::usage || error.code == base::ErrorCode::filter;
}

// Goes on in an output that was kept, behind what an earlier worker has written.
wire::Save save_into(const base::UniqueFd& kept, wire::SaveFormat format) {
    struct stat status {};
    wire::Save save;
    if (!kept || ::fstat(kept.get(), &status) != 0) return save;
    save.set_format(format);
    save.set_continued(!S_ISREG(status.st_mode) || status.st_size != 0);
    return save;
}

std::string away_text(std::int64_t alive_ns, std::int64_t now_ns) {
    const auto seconds = std::max<std::int64_t>(0, now_ns - alive_ns + 500'000'000) / 1'000'000'000;
    return "packetsentryd was started again: packets of about " + std::to_string(seconds) +
           " s before were not seen";
}

}  // namespace

void Supervisor::spawn(asio::awaitable<void> task) {
    asio::co_spawn(executor_, std::move(task), [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    });
}

Supervisor::RunningPtr Supervisor::make_running(const JobPtr& job, base::UniqueFd output) {
    auto running = std::make_shared<RunningJob>(executor_, job, worker_path_, mask_key_, std::move(output),
                                                [this] { registry_.trim(now()); });
    running_.emplace(job->id(), running);
    return running;
}

asio::awaitable<base::Result<Supervisor::JobPtr>> Supervisor::start(CheckedStart start) {
    auto job = registry_.add(std::move(start.order), now());
    if (!job) co_return job;
    const std::uint64_t id = (*job)->id();
    const auto running = make_running(*job, std::move(start.output));
    const auto started = co_await running->start();
    if (!started) {
        if (started.error().code == base::ErrorCode::internal) ++worker_failures_;
        running_.erase(id);
        registry_.remove(id);
        (*job)->fail(started.error(), now());
        co_return std::unexpected(started.error());
    }
    if (!(*job)->order().foreground && running->output() >= 0) store_.outputs().keep(id, running->output());
    store(**job);
    spawn(accompany(running));
    co_return job;
}

asio::awaitable<void> Supervisor::accompany(RunningPtr running) {
    co_await running->over();
    running_.erase(running->job()->id());
    progress_.erase(running->job()->id());
    settle(*running->job());
    tell_end(*running->job());
    registry_.trim(now());
}

void Supervisor::store(const Job& job) {
    if (job.order().foreground) return;
    if (const auto stored = store_.put(job, now()); !stored)
        log::tell(log::Event::trouble, job_fields(job), "job {} does not come back after a restart: {}",
                  job.label(), stored.error().message);
}

// Stopped because the daemon stops, it is to go on later; ended otherwise, it is done with.
void Supervisor::settle(const Job& job) {
    if (job.order().foreground) return;
    if (suspending_ && job.end_reason() == wire::END_ASKED)
        store(job);
    else
        store_.remove(job.id());
}

void Supervisor::store_progress() {
    const auto time = std::chrono::steady_clock::now();
    for (const auto& [id, running] : running_) {
        const Job& job = *running->job();
        if (job.order().foreground || job.state() == wire::JOB_STARTING) continue;
        Progress& stored = progress_[id];
        const std::uint64_t delivered = job.ledger().delivered();
        if (delivered == stored.delivered || time < stored.due) {
            store_.mark_alive(id);
            continue;
        }
        stored = {delivered, time + kToStoreCounts};
        store(job);
    }
}

void Supervisor::resume(Outputs outputs) {
    auto loaded = store_.load();
    for (const std::string& problem : loaded.problems)
        log::tell(log::Event::trouble, {}, "a job of before is not resumed: {}", problem);
    for (const wire::StoredJob& stored : loaded.jobs) {
        const JobPtr job = registry_.resume(stored, now());
        auto output = outputs.extract(stored.id());
        base::UniqueFd kept = output ? std::move(output.mapped()) : base::UniqueFd();
        job->save_as(save_into(kept, stored.capture().save().format()));
        spawn(bring_back(make_running(job, std::move(kept)), stored.alive_ns()));
    }
    for (const auto& [id, output] : outputs) store_.outputs().forget(id);
}

asio::awaitable<void> Supervisor::bring_back(RunningPtr running, std::int64_t alive_ns) {
    const JobPtr job = running->job();
    const bool saved = !job->order().output_name.empty() && running->output() < 0;
    const bool again = co_await begin_again(running);
    if (again) {
        wire::Notice notice;
        notice.set_text(away_text(alive_ns, now().wall_ns));
        job->note(notice);
        if (saved) {
            notice.set_kind(wire::Notice::SAVE_FAILED);
            notice.set_text("the output file did not outlive the restart of packetsentryd");
            job->note(notice);
        }
        log::tell(log::Event::job_resumed, own_fields(*job), "job {} (id {}) goes on: {}{}", job->label(),
                  job->id(), away_text(alive_ns, now().wall_ns),
                  saved ? "; packets are no longer saved" : "");
        store(*job);
    }
    co_await accompany(running);
}

// false: it was stopped meanwhile, or can never begin; the job is over.
asio::awaitable<bool> Supervisor::begin_again(RunningPtr running) {
    const JobPtr job = running->job();
    stream::Wake wake(executor_);
    const auto changed = job->changed().subscribe([&] { wake.call(); });
    for (bool told = false;; told = true) {
        const auto started = co_await running->start();
        if (started) co_return true;
        if (job->state() != wire::JOB_STARTING) break;
        if (is_final(started.error())) {
            job->fail(started.error(), now());
            co_return false;
        }
        if (!told)
            log::tell(log::Event::job_waits, own_fields(*job), "job {} (id {}) waits to go on: {}",
                      job->label(), job->id(), started.error().message);
        co_await wake.until(std::chrono::steady_clock::now() + kToTryAgain);
        if (job->state() != wire::JOB_STARTING) break;
    }
    job->finish(wire::END_ASKED, now());
    co_return false;
}

void Supervisor::tell_end(const Job& job) {
    const auto packets = job.ledger().recorded();
    if (job.state() == wire::JOB_FINISHED) {
        log::tell(log::Event::job_finished, own_fields(job), "job {} (id {}) finished: {} packets",
                  job.label(), job.id(), packets);
        return;
    }
    if (job.error().code == base::ErrorCode::internal) ++worker_failures_;
    log::tell(log::Event::job_failed, own_fields(job), "job {} (id {}) failed after {} packets: {}",
              job.label(), job.id(), packets, job.error().message);
}

Supervisor::RunningPtr Supervisor::running(const Job& job) const {
    const auto found = running_.find(job.id());
    return found == running_.end() ? nullptr : found->second;
}

asio::awaitable<base::Result<void>> Supervisor::change_filter(JobPtr job, wire::Filter filter) {
    const auto running = this->running(*job);
    if (!running)
        co_return base::fail(base::ErrorCode::usage, "job " + job->label() + " is " + name_of(job->state()));
    auto changed = co_await running->change_filter(std::move(filter));
    if (changed) store(*job);
    co_return changed;
}

asio::awaitable<void> Supervisor::stop(std::vector<JobPtr> jobs) {
    std::vector<RunningPtr> asked;
    for (const JobPtr& job : jobs)
        if (auto running = this->running(*job)) asked.push_back(std::move(running));
    for (const RunningPtr& running : asked) running->stop();
    for (const RunningPtr& running : asked) co_await running->over();
}

}  // namespace packetsentry::jobs
