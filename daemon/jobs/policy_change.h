// Brings a job that runs under the present policy, after the policy, or what is known of its user, has
// changed.
//
// A job that is no longer allowed ends at once. Where its terms are others now, its worker is replaced by
// one that captures under them (handover.h), so that the terms apply from one moment on and no packet is
// lost. A job that is starting or changing does that under the earlier policy, so its terms are checked once
// that is done; a job that waits begins under the policy of that time. Where the worker cannot be replaced,
// this is tried again for a while, and then the job ends, because it must not go on under terms of before.
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
        std::function<policy::Verdict()> verdict;  // asks the policy what it says of the job now
        std::function<boost::asio::awaitable<RunningJob::TurnPtr>()> turn;
        std::function<void()> store;                      // the job has changed
        std::function<void(const std::string& why)> end;  // the job may not go on
    };

    PolicyChange(const boost::asio::any_io_executor& executor, std::shared_ptr<RunningJob> running,
                 Hooks hooks)
        : executor_(executor),
          running_(std::move(running)),
          job_(running_->job()),
          hooks_(std::move(hooks)) {}

    // Returns once the job captures under the policy, is ending, or is over.
    [[nodiscard]] boost::asio::awaitable<void> run();

  private:
    // Replacing the worker has failed once more.
    [[nodiscard]] bool is_given_up(const base::Error& error);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<RunningJob> running_;
    std::shared_ptr<Job> job_;
    Hooks hooks_;
    std::optional<std::chrono::steady_clock::time_point> failed_at_;  // when replacing failed first
};

}  // namespace packetsentry::jobs
