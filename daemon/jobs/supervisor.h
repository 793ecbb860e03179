// Starts, changes and ends all live jobs, and keeps the registry within its limits.
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
#include "daemon/jobs/fresh_segments.h"
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

    // Asks the policy about an existing job, by its order.
    using Policy = std::function<policy::Verdict(const Order&)>;

    // Outputs that systemd kept open for stored jobs, by the job's id.
    using Outputs = std::map<std::uint64_t, base::UniqueFd>;
    // The last run of each job of which the spool has rows, by the job's id.
    using LastRuns = std::map<std::uint64_t, std::uint32_t>;

    // worker_path: the path of packetsentry-worker. The Supervisor must outlive every coroutine that it
    // starts.
    Supervisor(boost::asio::any_io_executor executor, Registry registry, std::string worker_path,
               JobStore store = {}, MaskKey mask_key = MaskKey())
        : executor_(std::move(executor)),
          registry_(std::move(registry)),
          worker_path_(std::move(worker_path)),
          keeper_(std::move(store)),
          mask_key_(std::move(mask_key)) {}

    // Has jobs that are kept write into this spool. Call it before the first job starts. Null: nothing is
    // kept.
    void set_spool(std::shared_ptr<spool::Housekeeping> spool) { spool_ = std::move(spool); }
    [[nodiscard]] const std::shared_ptr<spool::Housekeeping>& spool() const { return spool_; }
    // The bytes of a worker's segments are on the disk after this time at the latest.
    void set_sync_interval(std::chrono::nanoseconds interval) { sync_interval_ = interval; }

    // Asks the user database again about a user.
    using LookUp = std::function<boost::asio::awaitable<void>(uid_t)>;

    // Sets the policy, which is asked before each further worker of a job, after look_up has been called for
    // its user. Until this is called, everything is allowed.
    void set_policy(Policy policy, LookUp look_up = {}) {
        policy_ = std::move(policy);
        look_up_ = std::move(look_up);
    }
    // Returns the owners of running jobs, each once.
    [[nodiscard]] std::vector<uid_t> owners() const;
    // Call this when the policy has changed, or what is known about users. Jobs that are no longer allowed
    // end; the others continue under the present terms, from one moment on and without losing a packet.
    void apply_policy();
    // Ends the jobs whose lifetime is over. Call this about once a second.
    void end_expired();

    // Starts the jobs again that ran in the background when the daemon ended, for whatever reason. A job that
    // cannot start yet waits, and is tried again. The run and the number of a row are its identity. So no job
    // gets a run again that the spool has, also if the daemon was killed before it had stored the job anew.
    void resume(Outputs outputs, const LastRuns& last_runs = {});
    // Stores changed counts of the jobs in the background, once a minute. Call this every few seconds.
    void store_progress();
    // These do what the functions of RunningJob do, for all jobs. Call them about once a second.
    void look_at_interfaces();
    void look_at_outputs();
    void look_at_segments();
    // Adds a notice to all jobs if the clock was set or the machine slept. Call this about once a second.
    void look_at_clock();
    // Asks all jobs to end. Those in the background stay stored, so that they start again later.
    void suspend();
    [[nodiscard]] bool suspending() const { return suspending_; }

    // Starts a job, and returns when it captures. Errors: those of Registry::add and RunningJob::start; file,
    // if a running job saves to the same file. After an error there is no job.
    [[nodiscard]] boost::asio::awaitable<base::Result<JobPtr>> start(CheckedStart start);

    // Takes the next output file of a job, or the reason why there is none (output_change.h). Errors:
    // usage (the job is over, or has not asked for it).
    [[nodiscard]] base::Result<void> give_output(const JobPtr& job, std::uint64_t number,
                                                 base::Result<GivenOutput> given);
    // The client of the job is gone, and opens no further file.
    void end_outputs(const JobPtr& job);

    // Errors: those of RunningJob::change_filter; not_permitted, if the policy no longer allows the job.
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> change_filter(JobPtr job, wire::Filter filter);
    // Starts the job's lifetime again. Errors: usage (the job is over); not_permitted, as above.
    [[nodiscard]] base::Result<void> renew(const JobPtr& job);

    // Has all jobs that are kept write to the spool what waits, so that a question finds it. Returns within a
    // moment.
    [[nodiscard]] boost::asio::awaitable<void> write_what_waits();
    // Sets how long a standing job's rows are kept, and who may read them.
    void change_keeping(const JobPtr& job, const wire::Keep& keep, const wire::Standing& standing);

    // Tells whether nobody waits for the end of a job any more. Empty: somebody always waits.
    using GivenUp = std::function<bool(const Job&)>;
    // Asks all these jobs to end, and returns when the last of them is over. Jobs that are over already are
    // ignored. ending: who ends them, or why. Slow readers of their outputs are waited for until given_up
    // returns true; it is called a few times a second.
    [[nodiscard]] boost::asio::awaitable<void> stop(std::vector<JobPtr> jobs, Ending ending,
                                                    GivenUp given_up);
    [[nodiscard]] boost::asio::awaitable<void> stop(std::vector<JobPtr> jobs, Ending ending) {
        return stop(std::move(jobs), std::move(ending), GivenUp());
    }

    [[nodiscard]] Registry& registry() { return registry_; }
    // The resources that the workers of all jobs use.
    [[nodiscard]] quota::CaptureResources& resources() { return *resources_; }
    [[nodiscard]] const std::string& worker_path() const { return worker_path_; }
    // Returns how many workers have died or failed, whether or not their jobs continued.
    [[nodiscard]] std::uint64_t worker_failures() const { return worker_failures_; }

  private:
    using RunningPtr = std::shared_ptr<RunningJob>;

    [[nodiscard]] boost::asio::awaitable<quota::CaptureResources::TurnPtr> turn(JobPtr job);
    [[nodiscard]] boost::asio::awaitable<void> accompany(RunningPtr running);
    [[nodiscard]] boost::asio::awaitable<void> resume_job(RunningPtr running, std::int64_t alive_ns,
                                                          const char* output_lost);
    [[nodiscard]] base::Result<void> check_output_is_free(int output, const std::string& name,
                                                          uid_t owner) const;
    [[nodiscard]] base::Result<policy::Verdict> permit(const Job& job) const;
    [[nodiscard]] boost::asio::awaitable<base::Result<policy::Verdict>> permit_anew(JobPtr job);
    [[nodiscard]] boost::asio::awaitable<void> apply_policy_to(RunningPtr running);
    void end(const RunningPtr& running, Ending ending, RunningJob::Reader reader);
    void end_for(const RunningPtr& running, log::Event event, const std::string& why);
    [[nodiscard]] RunningPtr make_running(const JobPtr& job, base::UniqueFd output);
    void store(const Job& job);
    void tell_end(const Job& job);
    // Returns null if the job is over.
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
    std::shared_ptr<spool::Housekeeping> spool_;
    std::chrono::nanoseconds sync_interval_{0};
    ClockWatch clock_watch_{Clocks::read()};
    bool suspending_ = false;
    Policy policy_ = [](const Order&) { return policy::Verdict{.allowed = true}; };
    LookUp look_up_;
};

}  // namespace packetsentry::jobs
