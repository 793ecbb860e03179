#include "daemon/control/daemon.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <exception>
#include <utility>

#include "daemon/base/local_file.h"
#include "daemon/config/changes.h"
#include "daemon/control/policy_filters.h"
#include "daemon/control/service_manager.h"
#include "daemon/control/verdicts.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/log/log.h"
#include "daemon/stream/wake.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds kHouseEvery{1};
constexpr std::chrono::seconds kStoreEvery{10};
// Workers are given half of it to end, one after the other in a handover. systemd waits 15 s.
constexpr std::chrono::seconds kForJobs{10};
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

// Beside one here and one in the worker of each job there can be: on their way, or to be closed.
constexpr std::uint32_t kFilesBesideJobs = 64;

Quota quota_of(const config::Config& config) {
    return {.all_connections = config.max_clients,
            .connections = config.max_clients_per_user,
            .streams = config.max_streams_per_user,
            .requests_per_second = config.requests_per_second,
            .bytes = config.waiting_bytes,
            .files = 2 * config.max_jobs + kFilesBesideJobs};
}

jobs::IdCounter ids_of(const config::Config& config) {
    jobs::IdCounter ids(config.state_dir);
    if (!ids.trouble().empty())
        log::tell(log::Event::trouble, {}, "{}; job numbers begin at 1 again after a restart", ids.trouble());
    return ids;
}

const char* when(config::Effect effect) {
    switch (effect) {
        case config::Effect::new_jobs:
            return "; jobs that start from now on have it";
        case config::Effect::restart:
            return "; it takes effect with 'systemctl restart packetsentryd'";
        default:
            return "";
    }
}

// systemd's own processes close copies of what it keeps, and so must not be kept waiting by it.
void keep_output(std::uint64_t job, int output) {
    if (base::is_local(output)) keep_descriptor(std::to_string(job), output);
}

jobs::JobStore store_of(const config::Config& config) {
    jobs::JobStore store(config.state_dir,
                         {.keep = [](std::uint64_t job, int output) { keep_output(job, output); },
                          .forget = [](std::uint64_t job) { release_descriptor(std::to_string(job)); }});
    if (!store.trouble().empty())
        log::tell(log::Event::trouble, {}, "{}; jobs do not come back after a restart", store.trouble());
    return store;
}

jobs::Supervisor::Outputs outputs_of(std::map<std::string, base::UniqueFd>& kept) {
    jobs::Supervisor::Outputs outputs;
    for (auto& [name, fd] : kept) {
        std::uint64_t job = 0;
        std::from_chars(name.data(), name.data() + name.size(), job);
        outputs.emplace(job, std::move(fd));
    }
    return outputs;
}

std::string counts(std::uint64_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace

Daemon::Daemon(const config::Config& config, Started& started, std::string worker_path, Reread reread)
    : shared_{.config = config,
              .rules = started.rules,
              .policy_since_ns = jobs::now().wall_ns,
              .supervisor =
                  jobs::Supervisor(loop_.get_executor(), jobs::Registry(limits_of(config), ids_of(config)),
                                   std::move(worker_path), store_of(config), jobs::MaskKey(config.state_dir)),
              .started_ns = jobs::now().wall_ns,
              .accounts = Accounts(quota_of(config))},
      listener_(loop_.get_executor(), shared_, started.socket.fd()),
      reread_(std::move(reread)),
      kept_outputs_(outputs_of(started.kept)) {
    shared_.supervisor.set_policy(
        [this](const jobs::Order& order) { return verdict_on_order(order, shared_.rules); });
    log::tell(log::Event::started, {}, "packetsentryd " PACKETSENTRY_VERSION " listens on {}{}",
              started.socket.path(), started.socket.from_systemd() ? " (systemd's socket)" : "");
}

void Daemon::run() {
    spawn(listener_.run());
    spawn(heed_signals());
    spawn(feed_watchdog());
    spawn(keep_house());
    tell_ready();
    asio::post(loop_, [this] { shared_.supervisor.resume(std::move(kept_outputs_)); });
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
            co_await reload();
            continue;
        }
        log::tell(log::Event::stopping, {}, "stopping: {}", number == SIGTERM ? "SIGTERM" : "SIGINT");
        stop();
    }
}

asio::awaitable<void> Daemon::reload() {
    tell_reloading();
    const auto read = reread_();
    if (!read) co_return stay_as_it_was(read.error());
    auto policy = read_policy(*read);
    if (!policy) co_return stay_as_it_was(policy.error());
    const bool other_policy = shared_.rules.policy != *policy;
    if (other_policy && *policy) {
        const auto checked =
            co_await check_filters(loop_.get_executor(), shared_.supervisor.worker_path(), **policy);
        if (!checked) co_return stay_as_it_was(checked.error());
    }
    const auto found = config::changes(shared_.config, *read);
    for (const config::Change& change : found)
        log::tell(log::Event::reloaded, {}, "configuration: {} is now {}, was {}{}", change.key, change.to,
                  change.from, when(change.effect));
    if (other_policy) take_policy(std::move(*policy));
    if (found.empty() && !other_policy)
        log::tell(log::Event::reloaded, {}, "configuration read again: nothing has changed");
    shared_.config = config::reloaded(shared_.config, *read);
    log::set_level(shared_.config.log_level);
    shared_.registry().set_limits(limits_of(shared_.config));
    shared_.accounts.set_quota(quota_of(shared_.config));
    shared_.registry().trim(jobs::now());
    tell_ready();
}

void Daemon::stay_as_it_was(const base::Error& error) {
    log::tell(log::Event::not_reloaded, {}, "the configuration stays as it was: {}", error.message);
    tell_ready();
}

void Daemon::take_policy(std::optional<policy::Policy> policy) {
    shared_.rules.policy = std::move(policy);
    ++shared_.policy_changes;
    shared_.policy_since_ns = jobs::now().wall_ns;
    if (shared_.rules.policy)
        log::tell(log::Event::reloaded, {}, "policy: {} is in force, with {}", shared_.rules.policy->path,
                  counts(shared_.rules.policy->rules.size(), "rule"));
    else
        log::tell(log::Event::reloaded, {}, "policy: there is no file any more; members have their own jobs");
    shared_.supervisor.apply_policy();
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
    auto stored = Clock::now();
    while (!shared_.stopping) {
        shared_.registry().trim(jobs::now());
        shared_.supervisor.look_at_interfaces();
        shared_.supervisor.look_at_clock();
        shared_.supervisor.end_expired();
        listener_.look_after_sessions(Clock::now());
        shared_.accounts.trim(Clock::now());
        log::tick();
        if (Clock::now() >= stored + kStoreEvery) {
            shared_.supervisor.store_progress();
            stored = Clock::now();
        }
        std::string status = counts(shared_.registry().live(), "job") + ", " +
                             counts(shared_.accounts.held(Held::connection), "client");
        if (status != told) tell_status(status);
        told = std::move(status);
        co_await wake.until(Clock::now() + kHouseEvery);
    }
}

asio::awaitable<void> Daemon::wind_down() {
    tell_stopping();
    listener_.close();
    shared_.supervisor.suspend();
    const auto live = [](const jobs::Job& job) { return !jobs::is_over(job.state()); };
    stream::Wake wake(loop_.get_executor());
    auto deadline = Clock::now() + kForJobs;
    while (shared_.registry().live() != 0 && Clock::now() < deadline)
        co_await wake.until(Clock::now() + kFarewellStep);
    // Whatever its state, one in the background comes back as it was stored last.
    for (const auto& job : shared_.registry().all(live))
        log::tell(log::Event::job_left, jobs::own_fields(*job),
                  "job {} (id {}) is left to itself: its worker does not end", job->label(), job->id());
    deadline = Clock::now() + kForFarewells;
    do {
        co_await wake.until(Clock::now() + kFarewellStep);
    } while (!listener_.at_rest() && Clock::now() < deadline);
    listener_.close_sessions();
    log::tell(log::Event::stopped, {}, "stopped");
    loop_.stop();
}

}  // namespace packetsentry::control
