// Makes the standing jobs those that the files of the jobs directory describe (packetsentry-job.toml(5)).
//
// A standing job belongs to root, and runs whenever the daemon runs. It is stored like a job in the
// background, so that it goes on under its number after a restart. When the files are read again, a job whose
// file is gone ends, and one whose file captures something else is replaced by a new job; what was kept
// stays. Everything else, such as how long rows are kept, changes in the job that runs. A job that root has
// stopped is not started again before the files are read again. One that cannot be started as its file says
// is tried once a minute.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "daemon/jobs/supervisor.h"
#include "daemon/jobs/user_keep.h"
#include "proto/messages/capture.pb.h"
#include "proto/messages/state.pb.h"

namespace packetsentry::jobs {

// What a file says.
struct StandingOrder {
    std::string name = {};
    wire::CaptureSpec capture = {};  // without interfaces
    wire::Keep keep = {};            // without any table, nothing is kept
    wire::Standing standing = {};    // readers, and interfaces as the file has them

    [[nodiscard]] bool keeps() const { return keeps_something(keep); }
};

// Used by one thread.
class StandingJobs {
  public:
    // supervisor must outlive this object, and this object every coroutine that it starts.
    StandingJobs(boost::asio::any_io_executor executor, Supervisor& supervisor)
        : executor_(std::move(executor)), supervisor_(supervisor) {}

    // Takes these orders in place of all earlier ones, and returns when all jobs have begun or wait.
    // complete: no file is wrong, so a job without an order ends.
    [[nodiscard]] boost::asio::awaitable<void> apply(std::vector<StandingOrder> orders, bool complete);
    // Tells whether these orders are those that were taken last.
    [[nodiscard]] bool has(const std::vector<StandingOrder>& orders) const;
    // Starts jobs whose interfaces have come, or that have ended without anybody's order. Call this about
    // once a second.
    void look();

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] boost::asio::awaitable<void> settle();
    [[nodiscard]] boost::asio::awaitable<void> end_or_change(Registry::JobPtr job, bool compare);
    [[nodiscard]] boost::asio::awaitable<void> start(StandingOrder order);
    [[nodiscard]] std::string reason_to_end(const Registry::JobPtr& job, const StandingOrder* wanted) const;
    [[nodiscard]] bool is_to_start(const std::string& name) const;
    [[nodiscard]] Registry::JobPtr find(const std::string& name) const;
    [[nodiscard]] std::vector<Registry::JobPtr> live() const;
    void tell_once(const std::string& name, const std::string& why);

    boost::asio::any_io_executor executor_;
    Supervisor& supervisor_;
    std::vector<StandingOrder> orders_;
    std::map<std::string, std::string> told_;            // why a job does not run, by its name
    std::map<std::string, Clock::time_point> hopeless_;  // names of those that are not tried before this time
    std::map<std::string, Registry::JobPtr> seen_;       // the last job of each name that ran
    bool taken_ = false;                                 // orders_ are those of the files
    bool compare_ = false;                               // jobs that run have not been compared with them
    bool complete_ = false;
    bool settling_ = false;
    bool again_ = false;
    Clock::time_point look_at_;
};

}  // namespace packetsentry::jobs
