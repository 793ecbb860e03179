#include "daemon/control/daemon.h"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <utility>

#include "daemon/control/service_manager.h"
#include "daemon/stream/wake.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds kHouseEvery{1};
constexpr std::chrono::seconds kForFarewells{1};
constexpr std::chrono::milliseconds kFarewellStep{10};

jobs::Limits limits_of(const config::Config& config) {
    return {.live = config.max_jobs,
            .live_per_user = config.max_jobs_per_user,
            .finished = config.finished_jobs,
            .finished_for = config.finished_for,
            .window_bytes = config.window_bytes,
            .kept_bytes = config.kept_bytes};
}

jobs::IdCounter ids_of(const config::Config& config) {
    jobs::IdCounter ids(config.state_dir);
    if (!ids.trouble().empty())
        spdlog::warn("{}; job numbers begin at 1 again after a restart", ids.trouble());
    return ids;
}

std::string counts(std::uint64_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace

Daemon::Daemon(const config::Config& config, const ControlSocket& socket, policy::Rules rules,
               std::string worker_path)
    : shared_{.config = config,
              .rules = std::move(rules),
              .supervisor =
                  jobs::Supervisor(loop_.get_executor(), jobs::Registry(limits_of(config), ids_of(config)),
                                   std::move(worker_path)),
              .started_ns = jobs::now().wall_ns},
      listener_(loop_.get_executor(), shared_, socket.fd()) {
    spdlog::info("packetsentryd " PACKETSENTRY_VERSION " listens on {}{}", socket.path(),
                 socket.from_systemd() ? " (systemd's socket)" : "");
}

void Daemon::run() {
    spawn(listener_.run());
    spawn(heed_signals());
    spawn(feed_watchdog());
    spawn(keep_house());
    tell_ready();
    loop_.run();
}

void Daemon::spawn(asio::awaitable<void> task) {
    asio::co_spawn(loop_, std::move(task), [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    });
}

void Daemon::stop() {
    asio::post(loop_, [this] {
        if (!std::exchange(shared_.stopping, true)) spawn(wind_down());
    });
}

asio::awaitable<void> Daemon::heed_signals() {
    asio::signal_set signals(loop_, SIGTERM, SIGINT, SIGHUP);
    for (;;) {
        const int number = co_await signals.async_wait(asio::use_awaitable);
        if (number == SIGHUP) {
            spdlog::info("SIGHUP: a new configuration is read at the next start");
            continue;
        }
        spdlog::info("stopping: {}", number == SIGTERM ? "SIGTERM" : "SIGINT");
        stop();
    }
}

// From the loop that does the work: where it hangs, the ping stays away.
asio::awaitable<void> Daemon::feed_watchdog() {
    const auto interval = watchdog_interval();
    if (!interval) co_return;
    stream::Wake wake(loop_.get_executor());
    for (;;) {
        tell_alive();
        co_await wake.until(Clock::now() + *interval);
    }
}

asio::awaitable<void> Daemon::keep_house() {
    stream::Wake wake(loop_.get_executor());
    std::string told;
    while (!shared_.stopping) {
        shared_.registry().trim(jobs::now());
        std::string status =
            counts(shared_.registry().live(), "job") + ", " + counts(shared_.client_count(), "client");
        if (status != told) tell_status(status);
        told = std::move(status);
        co_await wake.until(Clock::now() + kHouseEvery);
    }
}

asio::awaitable<void> Daemon::wind_down() {
    tell_stopping();
    listener_.close();
    const auto jobs = shared_.registry().all([](const jobs::Job&) { return true; });
    co_await shared_.supervisor.stop(jobs);
    stream::Wake wake(loop_.get_executor());
    const auto deadline = Clock::now() + kForFarewells;
    do {
        co_await wake.until(Clock::now() + kFarewellStep);
    } while (!listener_.at_rest() && Clock::now() < deadline);
    listener_.close_sessions();
    spdlog::info("stopped");
    loop_.stop();
}

}  // namespace packetsentry::control
