// The control process at work: listener, sessions, jobs, signals, watchdog, on one thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <string>

#include "daemon/config/config.h"
#include "daemon/control/control_socket.h"
#include "daemon/control/listener.h"
#include "daemon/control/shared.h"
#include "daemon/policy/decide.h"

namespace packetsentry::control {

class Daemon {
  public:
    // socket: outlives the daemon. worker_path: of packetsentry-worker.
    Daemon(const config::Config& config, const ControlSocket& socket, policy::Rules rules,
           std::string worker_path);

    // Until SIGTERM or SIGINT, or stop(): jobs are then ended in order and followers told. Throws what
    // is broken for good.
    void run();
    // From any thread.
    void stop();

  private:
    [[nodiscard]] boost::asio::awaitable<void> heed_signals();
    [[nodiscard]] boost::asio::awaitable<void> feed_watchdog();
    [[nodiscard]] boost::asio::awaitable<void> keep_house();
    [[nodiscard]] boost::asio::awaitable<void> wind_down();
    void spawn(boost::asio::awaitable<void> task);

    // First, so that it goes last: sessions end with the loop, and use what stands below.
    boost::asio::io_context loop_{1};
    Shared shared_;
    Listener listener_;
};

}  // namespace packetsentry::control
