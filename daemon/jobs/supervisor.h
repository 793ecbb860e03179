// All live jobs: starts them, changes them, ends them, and keeps the registry within its limits.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/jobs/registry.h"
#include "daemon/jobs/running_job.h"
#include "daemon/jobs/start_order.h"

namespace packetsentry::jobs {

class Supervisor {
  public:
    using JobPtr = Registry::JobPtr;

    // worker_path: of packetsentry-worker. Outlives every coroutine it begins.
    Supervisor(boost::asio::any_io_executor executor, Registry registry, std::string worker_path)
        : executor_(std::move(executor)),
          registry_(std::move(registry)),
          worker_path_(std::move(worker_path)) {}

    // Until the job captures. Errors: as Registry::add and RunningJob::start; no job is left behind.
    [[nodiscard]] boost::asio::awaitable<base::Result<JobPtr>> start(CheckedStart start);

    // Errors: as RunningJob::change_filter.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> change_filter(JobPtr job, wire::Filter filter);

    // Asks them all, then waits until the last is over. Those that are already are left alone.
    [[nodiscard]] boost::asio::awaitable<void> stop(std::vector<JobPtr> jobs);

    [[nodiscard]] Registry& registry() { return registry_; }
    [[nodiscard]] std::uint64_t worker_failures() const { return worker_failures_; }

  private:
    using RunningPtr = std::shared_ptr<RunningJob>;

    [[nodiscard]] boost::asio::awaitable<void> accompany(RunningPtr running);
    void tell_end(const Job& job);
    [[nodiscard]] RunningPtr running(const Job& job) const;

    boost::asio::any_io_executor executor_;
    Registry registry_;
    std::string worker_path_;
    std::map<std::uint64_t, RunningPtr> running_;  // by job id
    std::uint64_t worker_failures_ = 0;
};

}  // namespace packetsentry::jobs
