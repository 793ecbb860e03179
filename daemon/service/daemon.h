// Runs the control process: listener, sessions, jobs, signals and watchdog, on one thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/config/config.h"
#include "daemon/control/listener.h"
#include "daemon/control/policy_outlook.h"
#include "daemon/control/shared.h"
#include "daemon/jobs/standing_jobs.h"
#include "daemon/service/spool_upkeep.h"
#include "daemon/service/standing_orders.h"
#include "daemon/service/startup.h"

namespace packetsentry::service {

class Daemon {
  public:
    // Reads the configuration again, as it was read at the start.
    using Reread = std::function<base::Result<config::Config>()>;

    // started.socket: outlives the daemon. worker_path: of packetsentry-worker.
    Daemon(const config::Config& config, Started& started, std::string worker_path, Reread reread);

    // Until SIGTERM or SIGINT, or stop(): jobs are then ended in order and followers told. Throws what
    // is broken for good.
    void run();
    // From any thread.
    void stop();

  private:
    [[nodiscard]] boost::asio::awaitable<void> heed_signals();
    [[nodiscard]] boost::asio::awaitable<void> feed_watchdog();
    [[nodiscard]] boost::asio::awaitable<void> keep_house();
    [[nodiscard]] boost::asio::awaitable<void> keep_spool();
    [[nodiscard]] boost::asio::awaitable<void> make_indexes();
    [[nodiscard]] boost::asio::awaitable<void> take_standing_jobs();
    [[nodiscard]] boost::asio::awaitable<void> wind_down();
    [[nodiscard]] boost::asio::awaitable<void> reload_as_wanted();
    // All of it or nothing: where the configuration or the policy is wrong, both stay as they were.
    [[nodiscard]] boost::asio::awaitable<void> reload();
    void stay_as_it_was(const base::Error& error);
    // complete: no file is wrong.
    void take_orders(FoundOrders found, bool complete);
    void take_policy(std::optional<policy::Policy> policy, const policy::Outlook& outlook);
    // Who has a job or a connection here; some may be there twice.
    [[nodiscard]] std::vector<uid_t> users_here() const;
    // What the user database says of them, asked anew.
    [[nodiscard]] boost::asio::awaitable<void> look_users_up();
    [[nodiscard]] boost::asio::awaitable<void> keep_members();
    void apply_memberships();
    void spawn(boost::asio::awaitable<void> task);

    // First, so that it goes last: sessions end with the loop, and use what stands below.
    boost::asio::io_context loop_{1};
    control::Shared shared_;
    control::Listener listener_;
    OpenedSpool spool_;
    SpoolUpkeep upkeep_;
    jobs::StandingJobs standing_;
    Reread reread_;
    jobs::Supervisor::Outputs kept_outputs_;  // until the loop runs
    bool orders_taken_ = false;               // those of the files of standing jobs
    bool reloading_ = false;
    bool reload_wanted_ = false;
};

}  // namespace packetsentry::service
