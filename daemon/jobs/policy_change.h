// Applies the present policy to a running job, after the policy has changed, or the groups of the job's user.
//
// A job that is no longer allowed ends at once. If its terms have changed, its worker is replaced by one that
// captures under the new terms (handover.h), so that they apply from one moment on and no packet is lost. A
// job that is just starting or changing finishes that under the earlier policy, and its terms are checked
// afterwards. A job that waits will start under the policy of that time. If the worker cannot be replaced,
// this is tried again for a while; then the job ends, because it must not continue under the earlier terms.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/jobs/job.h"
#include "daemon/jobs/running_job.h"
#include "daemon/policy/decide.h"

namespace packetsentry::jobs {

// One change of one job. Must remain live until run() has returned.
class PolicyChange {
  public:
    struct Hooks {
        std::function<policy::Verdict()> verdict;  // asks the policy about the job
        std::function<boost::asio::awaitable<RunningJob::TurnPtr>()> turn;
        std::function<void()> store;                      // called when the job has changed
        std::function<void(const std::string& why)> end;  // called when the job must end
    };

    PolicyChange(const boost::asio::any_io_executor& executor, std::shared_ptr<RunningJob> running,
                 Hooks hooks)
        : executor_(executor),
          running_(std::move(running)),
          job_(running_->job()),
          hooks_(std::move(hooks)) {}

    // Returns when the job captures under the present policy, is ending, or is over.
    [[nodiscard]] boost::asio::awaitable<void> run();

  private:
    // Call this each time that replacing the worker has failed. Returns true if it has failed for too long.
    [[nodiscard]] bool is_given_up(const base::Error& error);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<RunningJob> running_;
    std::shared_ptr<Job> job_;
    Hooks hooks_;
    std::optional<std::chrono::steady_clock::time_point> failed_at_;  // when replacing failed first
};

}  // namespace packetsentry::jobs
