// All live jobs: starts them, changes them, ends them, and keeps the registry within its limits.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/jobs/clock_watch.h"
#include "daemon/jobs/job_store.h"
#include "daemon/jobs/keeper.h"
#include "daemon/jobs/registry.h"
#include "daemon/jobs/running_job.h"
#include "daemon/jobs/start_order.h"
#include "daemon/jobs/stored_mask_key.h"
#include "daemon/log/event.h"
#include "daemon/quota/capture_resources.h"

namespace packetsentry::jobs {

class Supervisor {
  public:
    using JobPtr = Registry::JobPtr;

    // What the policy says now of a job there is, by its order.
    using Policy = std::function<policy::Verdict(const Order&)>;

    // Outputs that were kept for jobs of before, by the job's id.
    using Outputs = std::map<std::uint64_t, base::UniqueFd>;

    // worker_path: of packetsentry-worker. Outlives every coroutine it begins.
    Supervisor(boost::asio::any_io_executor executor, Registry registry, std::string worker_path,
               JobStore store = {}, MaskKey mask_key = MaskKey())
        : executor_(std::move(executor)),
          registry_(std::move(registry)),
          worker_path_(std::move(worker_path)),
          keeper_(std::move(store)),
          mask_key_(std::move(mask_key)) {}

    // Finds out anew what the policy needs to know of a user.
    using LookUp = std::function<boost::asio::awaitable<void>(uid_t)>;

    // To be asked before each further worker of a job, the user having been looked up. Until then everything
    // is allowed.
    void set_policy(Policy policy, LookUp look_up = {}) {
        policy_ = std::move(policy);
        look_up_ = std::move(look_up);
    }
    // Owners of running jobs, each once.
    [[nodiscard]] std::vector<uid_t> owners() const;
    // The policy is another, or what is known of users: jobs that it no longer allows end, the others go on
    // under its terms, from one moment on and without a packet lost.
    void apply_policy();
    // Jobs whose lifetime is over end. To be called every second or so.
    void end_expired();

    // Brings back the jobs that ran in the background when the daemon ended, in whatever way. One that
    // cannot begin yet waits and is tried again.
    void resume(Outputs outputs);
    // Stores how far the jobs in the background have come, counts that changed once a minute. To be called
    // every few seconds.
    void store_progress();
    // To be called about once a second.
    void look_at_interfaces();
    void look_at_outputs();
    // Tells the jobs whether the clock was set or the machine slept. To be called about once a second.
    void look_at_clock();
    // Asks all jobs to end, those in the background to come back later.
    void suspend();

    // Until the job captures. Errors: as Registry::add and RunningJob::start; file, where a running job saves
    // into the same one. No job is left behind.
    [[nodiscard]] boost::asio::awaitable<base::Result<JobPtr>> start(CheckedStart start);

    // Errors: as RunningJob::change_filter; not_permitted where the policy no longer allows the job.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> change_filter(JobPtr job, wire::Filter filter);
    // Its lifetime begins anew. Errors: usage (it is over), not_permitted as above.
    [[nodiscard]] base::Result<void> renew(const JobPtr& job);

    // Whether nobody waits for the end of a job any more; empty: somebody does.
    using GivenUp = std::function<bool(const Job&)>;
    // Asks them all, then waits until the last is over. Those that are already are left alone. ending: by
    // whom, or why. What readers of their outputs take is waited for, until that is given up, which is asked
    // a few times a second.
    [[nodiscard]] boost::asio::awaitable<void> stop(std::vector<JobPtr> jobs, Ending ending,
                                                    GivenUp given_up);
    [[nodiscard]] boost::asio::awaitable<void> stop(std::vector<JobPtr> jobs, Ending ending) {
        return stop(std::move(jobs), std::move(ending), GivenUp());
    }

    [[nodiscard]] Registry& registry() { return registry_; }
    // What the workers of all jobs take of the machine.
    [[nodiscard]] quota::CaptureResources& resources() { return *resources_; }
    [[nodiscard]] const std::string& worker_path() const { return worker_path_; }
    // Workers that died or broke, of jobs that went on and of jobs that ended for it.
    [[nodiscard]] std::uint64_t worker_failures() const { return worker_failures_; }

  private:
    using RunningPtr = std::shared_ptr<RunningJob>;

    [[nodiscard]] boost::asio::awaitable<quota::CaptureResources::TurnPtr> turn(JobPtr job);
    [[nodiscard]] boost::asio::awaitable<void> accompany(RunningPtr running);
    [[nodiscard]] boost::asio::awaitable<void> resume_job(RunningPtr running, std::int64_t alive_ns,
                                                          const char* output_lost);
    [[nodiscard]] base::Result<void> check_output_is_free(const CheckedStart& start) const;
    [[nodiscard]] base::Result<policy::Verdict> permit(const Job& job) const;
    [[nodiscard]] boost::asio::awaitable<base::Result<policy::Verdict>> permit_anew(JobPtr job);
    [[nodiscard]] boost::asio::awaitable<void> apply_policy_to(RunningPtr running);
    void end(const RunningPtr& running, Ending ending, RunningJob::Reader reader);
    void end_for(const RunningPtr& running, log::Event event, const std::string& why);
    [[nodiscard]] RunningPtr make_running(const JobPtr& job, base::UniqueFd output);
    void store(const Job& job);
    void tell_end(const Job& job);
    // Null where the job is over.
    [[nodiscard]] LiveJob* find(const Job& job);
    [[nodiscard]] RunningPtr running(const Job& job);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<quota::CaptureResources> resources_ =
        std::make_shared<quota::CaptureResources>(quota::CaptureLimits{});
    Registry registry_;
    std::string worker_path_;
    std::map<std::uint64_t, LiveJob> live_;  // by job id
    std::uint64_t worker_failures_ = 0;
    Keeper keeper_;
    MaskKey mask_key_;
    ClockWatch clock_watch_{Clocks::read()};
    bool suspending_ = false;
    Policy policy_ = [](const Order&) { return policy::Verdict{.allowed = true}; };
    LookUp look_up_;
};

}  // namespace packetsentry::jobs
