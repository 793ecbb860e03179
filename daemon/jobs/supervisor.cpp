#include "daemon/jobs/supervisor.h"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "daemon/jobs/job_state.h"

namespace packetsentry::jobs {

namespace asio = boost::asio;

asio::awaitable<base::Result<Supervisor::JobPtr>> Supervisor::start(CheckedStart start) {
    auto job = registry_.add(std::move(start.order), now());
    if (!job) co_return job;
    const std::uint64_t id = (*job)->id();
    const auto running = std::make_shared<RunningJob>(executor_, *job, worker_path_, std::move(start.output),
                                                      [this] { registry_.trim(now()); });
    running_.emplace(id, running);
    const auto started = co_await running->start();
    if (!started) {
        if (started.error().code == base::ErrorCode::internal) ++worker_failures_;
        running_.erase(id);
        registry_.remove(id);
        (*job)->fail(started.error(), now());
        co_return std::unexpected(started.error());
    }
    asio::co_spawn(executor_, accompany(running), [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    });
    co_return job;
}

asio::awaitable<void> Supervisor::accompany(RunningPtr running) {
    co_await running->over();
    running_.erase(running->job()->id());
    tell_end(*running->job());
    registry_.trim(now());
}

void Supervisor::tell_end(const Job& job) {
    const auto packets = job.ledger().recorded();
    if (job.state() == wire::JOB_FINISHED) {
        spdlog::info("job {} (id {}) finished: {} packets", job.label(), job.id(), packets);
        return;
    }
    if (job.error().code == base::ErrorCode::internal) ++worker_failures_;
    spdlog::error("job {} (id {}) failed after {} packets: {}", job.label(), job.id(), packets,
                  job.error().message);
}

Supervisor::RunningPtr Supervisor::running(const Job& job) const {
    const auto found = running_.find(job.id());
    return found == running_.end() ? nullptr : found->second;
}

asio::awaitable<base::Result<void>> Supervisor::change_filter(JobPtr job, wire::Filter filter) {
    const auto running = this->running(*job);
    if (!running)
        co_return base::fail(base::ErrorCode::usage, "job " + job->label() + " is " + name_of(job->state()));
    co_return co_await running->change_filter(std::move(filter));
}

asio::awaitable<void> Supervisor::stop(std::vector<JobPtr> jobs) {
    std::vector<RunningPtr> asked;
    for (const JobPtr& job : jobs)
        if (auto running = this->running(*job)) asked.push_back(std::move(running));
    for (const RunningPtr& running : asked) running->stop();
    for (const RunningPtr& running : asked) co_await running->over();
}

}  // namespace packetsentry::jobs
