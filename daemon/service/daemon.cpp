#include "daemon/service/daemon.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <iterator>
#include <memory>
#include <utility>

#include "daemon/base/local_file.h"
#include "daemon/config/changes.h"
#include "daemon/control/policy_filters.h"
#include "daemon/control/verdicts.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/log/log.h"
#include "daemon/loop/helper_thread.h"
#include "daemon/loop/sleeper.h"
#include "daemon/loop/spawn.h"
#include "daemon/service/net_raw_capability.h"
#include "daemon/service/service_manager.h"

namespace packetsentry::service {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds kHouseEvery{1};
constexpr std::chrono::minutes kMembersEvery{5};
constexpr std::chrono::seconds kToReadPolicy{5};
constexpr std::chrono::seconds kToReadOrders{60};
constexpr std::chrono::seconds kStoreEvery{10};
constexpr std::chrono::seconds kRemoveEvery{1};
constexpr std::chrono::seconds kIndexEvery{1};
// The daemon waits so long for jobs to end when it stops. A worker gets half of that, because in a handover
// two workers end one after the other. systemd kills the daemon after 15 s.
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

// A user may have two descriptors open for each job there can be: one in this process and one in the job's
// worker. So many more are allowed for files that are still on their way, or are being closed.
constexpr std::uint32_t kFilesBesideJobs = 64;

quota::Quota quota_of(const config::Config& config) {
    return {.all_connections = config.max_clients,
            .connections = config.max_clients_per_user,
            .streams = config.max_streams_per_user,
            .requests_per_second = config.requests_per_second,
            .bytes = config.waiting_bytes,
            .files = 2 * config.max_jobs + kFilesBesideJobs};
}

quota::CaptureLimits capture_limits_of(const config::Config& config) {
    return {.sockets_per_interface = config.sockets_per_interface,
            .sockets = config.sockets_per_user,
            .filter_instructions = config.filter_instructions,
            .interface_instructions = config.filter_instructions_per_interface,
            .user_ring_bytes = config.rings_per_user,
            .ring_bytes = config.rings,
            .memory_output_bytes = config.outputs_per_user,
            .compilers = config.compilers_per_user,
            .flow_bytes = config.flow_bytes};
}

jobs::IdCounter ids_of(const base::StateDirectory& state) {
    jobs::IdCounter ids(state);
    if (!ids.trouble().empty())
        log::tell(log::Event::trouble, {}, "{}; job numbers begin at 1 again after a restart", ids.trouble());
    return ids;
}

const char* when(config::Effect effect) {
    switch (effect) {
        case config::Effect::new_jobs:
            return "; it applies to jobs that start from now on";
        case config::Effect::restart:
            return "; it takes effect with 'systemctl restart packetsentryd'";
        default:
            return "";
    }
}

// Gives an output to systemd, which keeps it over a restart. Only a local file is given: systemd's own
// processes close copies of it, and must not have to wait for that.
void keep_output(std::uint64_t job, int output) {
    if (base::is_local(output)) keep_descriptor(std::to_string(job), output);
}

jobs::JobStore store_of(const base::StateDirectory& state) {
    jobs::JobStore store(state,
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

// What a reload reads beside the configuration.
struct FoundRules {
    std::optional<policy::Policy> policy;
    policy::Outlook outlook;
    FoundOrders orders;
};

base::Result<FoundRules> find_rules(const config::Config& config, policy::Rules rules,
                                    std::uint64_t spool_bytes) {
    auto policy = read_policy(config);
    if (!policy) return std::unexpected(policy.error());
    FoundOrders orders = read_standing_orders(config, rules.daemon_uid, spool_bytes);
    if (!orders.errors.empty()) return base::fail(base::ErrorCode::usage, orders.errors.front());
    rules.policy = *policy;
    return FoundRules{std::move(*policy),
                      rules.policy ? control::outlook_of_members(rules) : policy::Outlook(),
                      std::move(orders)};
}

std::string counts(std::uint64_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace

Daemon::Daemon(const config::Config& config, Started& started, std::string worker_path, Reread reread)
    : shared_{.config = config,
              .rules = started.rules,
              .policy_since_ns = jobs::now().wall_ns,
              .users = control::UserDatabase(loop_.get_executor()),
              .supervisor = jobs::Supervisor(
                  loop_.get_executor(), jobs::Registry(limits_of(config), ids_of(started.state)),
                  std::move(worker_path), store_of(started.state), jobs::MaskKey(started.state)),
              .started_ns = jobs::now().wall_ns,
              .may_capture = may_capture,
              .accounts = quota::Accounts(quota_of(config))},
      listener_(loop_.get_executor(), shared_, started.socket.fd()),
      spool_(open_spool(loop_.get_executor(), config)),
      upkeep_(loop_.get_executor(), spool_, shared_.config, shared_.supervisor),
      standing_(loop_.get_executor(), shared_.supervisor),
      reread_(std::move(reread)),
      kept_outputs_(outputs_of(started.kept)) {
    if (!spool_.spool) log::tell(log::Event::trouble, {}, "{}; nothing is kept in the spool", spool_.trouble);
    shared_.supervisor.set_spool(spool_.spool);
    shared_.spool_trouble = spool_.trouble;
    shared_.spool_bytes_limit = spool_.bytes(config);
    shared_.spool_free_disk_limit = spool_.free_disk(config);
    shared_.spool_user_bytes_limit = spool_.user_bytes(config);
    shared_.supervisor.set_sync_interval(config.spool.sync_interval);
    shared_.supervisor.resources().set_limits(capture_limits_of(config));
    shared_.supervisor.set_policy(
        [this](const jobs::Order& order) {
            return control::verdict_on_order(order, shared_.rules,
                                             shared_.users.settled(order.owner, Clock::now()));
        },
        [this](uid_t user) -> asio::awaitable<void> {
            co_await shared_.users.look_up(user, control::UserDatabase::kJustNow);
        });
    log::tell(log::Event::started, {}, "packetsentryd " PACKETSENTRY_VERSION " listens on {}{}",
              started.socket.path(), started.socket.from_systemd() ? " (systemd's socket)" : "");
}

void Daemon::run() {
    spawn(listener_.run());
    spawn(heed_signals());
    spawn(feed_watchdog());
    spawn(keep_house());
    spawn(keep_members());
    tell_ready();
    spawn(keep_spool());
    spawn(make_indexes());
    asio::post(loop_, [this] {
        shared_.supervisor.resume(std::move(kept_outputs_), spool_.last_runs);
        spawn(take_standing_jobs());
    });
    loop_.run();
}

// A file that is wrong does not end the job that it described before. Names of readers are looked up, which
// may take as long as a name service likes.
asio::awaitable<void> Daemon::take_standing_jobs() {
    loop::HelperThread helper(loop_.get_executor());
    const std::function<FoundOrders()> call = [config = shared_.config, owner = shared_.rules.daemon_uid,
                                               bytes = spool_.bytes(shared_.config)] {
        return read_standing_orders(config, owner, bytes);
    };
    auto found = co_await helper.ask<FoundOrders>(call, kToReadOrders);
    if (!found) {
        log::tell(log::Event::trouble, {},
                  "standing jobs do not begin, because the user database does not answer; "
                  "'systemctl reload packetsentryd' tries again");
        co_return;
    }
    if (orders_taken_) co_return;  // a reload was faster
    for (const std::string& error : found->errors)
        log::tell(log::Event::trouble, {}, "a standing job does not begin: {}", error);
    const bool complete = found->errors.empty();
    take_orders(std::move(*found), complete);
}

void Daemon::take_orders(FoundOrders found, bool complete) {
    orders_taken_ = true;
    for (const std::string& warning : found.warnings) log::tell(log::Event::trouble, {}, "{}", warning);
    spawn(standing_.apply(std::move(found.orders), complete));
}

void Daemon::spawn(asio::awaitable<void> task) {
    loop::spawn(loop_.get_executor(), std::move(task));
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
            reload_wanted_ = true;
            if (!std::exchange(reloading_, true)) spawn(reload_as_wanted());
            continue;
        }
        log::tell(log::Event::stopping, {}, "stopping: {}", number == SIGTERM ? "SIGTERM" : "SIGINT");
        stop();
    }
}

// Reloads again and again while that is wanted. All requests that arrive during one reload lead to one more,
// and a daemon that stops does not reload again.
asio::awaitable<void> Daemon::reload_as_wanted() {
    while (std::exchange(reload_wanted_, false) && !shared_.stopping) co_await reload();
    reloading_ = false;
}

asio::awaitable<void> Daemon::reload() {
    tell_reloading();
    const auto read = reread_();
    if (!read) co_return stay_as_it_was(read.error());
    // Names of users and groups are looked up, which may take as long as a name service likes. This has a
    // thread of its own, so that it does not wait for what users have made the database do.
    loop::HelperThread helper(loop_.get_executor());
    using Read = base::Result<FoundRules>;
    const std::function<Read()> call = [config = *read, rules = shared_.rules,
                                        spool_bytes = spool_.bytes(*read)] {
        return find_rules(config, rules, spool_bytes);
    };
    auto answer = co_await helper.ask<Read>(call, kToReadPolicy);
    if (!answer)
        co_return stay_as_it_was(
            {base::ErrorCode::timed_out,
             "the user database does not answer, so the names in the policy are not known"});
    if (!*answer) co_return stay_as_it_was(answer->error());
    FoundRules found_rules = std::move(**answer);
    const auto& policy = found_rules.policy;
    co_await look_users_up();
    const bool other_policy = shared_.rules.policy != policy;
    if (other_policy && policy) {
        const auto checked =
            co_await control::check_filters(loop_.get_executor(), shared_.supervisor.worker_path(), *policy);
        if (!checked) {
            apply_memberships();
            co_return stay_as_it_was(checked.error());
        }
    }
    const auto found = config::changes(shared_.config, *read);
    for (const config::Change& change : found)
        log::tell(log::Event::reloaded, {}, "configuration: {} is now {}, was {}{}", change.key, change.to,
                  change.from, when(change.effect));
    if (other_policy)
        take_policy(std::move(found_rules.policy), found_rules.outlook);
    else
        apply_memberships();
    if (found.empty() && !other_policy && standing_.has(found_rules.orders.orders))
        log::tell(log::Event::reloaded, {}, "configuration read again: nothing has changed");
    shared_.config = config::reloaded(shared_.config, *read);
    log::set_level(shared_.config.log_level);
    shared_.registry().set_limits(limits_of(shared_.config));
    shared_.accounts.set_quota(quota_of(shared_.config));
    shared_.supervisor.resources().set_limits(capture_limits_of(shared_.config));
    shared_.supervisor.set_sync_interval(shared_.config.spool.sync_interval);
    shared_.spool_bytes_limit = spool_.bytes(shared_.config);
    shared_.spool_free_disk_limit = spool_.free_disk(shared_.config);
    shared_.spool_user_bytes_limit = spool_.user_bytes(shared_.config);
    shared_.registry().trim(jobs::now());
    take_orders(std::move(found_rules.orders), true);
    tell_ready();
}

void Daemon::stay_as_it_was(const base::Error& error) {
    log::tell(log::Event::not_reloaded, {}, "the configuration stays as it was: {}", error.message);
    tell_ready();
}

void Daemon::take_policy(std::optional<policy::Policy> policy, const policy::Outlook& outlook) {
    shared_.rules.policy = std::move(policy);
    ++shared_.policy_changes;
    shared_.policy_since_ns = jobs::now().wall_ns;
    if (shared_.rules.policy) {
        log::tell(log::Event::reloaded, {}, "policy: {} is in force, with {}", shared_.rules.policy->path,
                  counts(shared_.rules.policy->rules.size(), "rule"));
        control::tell_policy(*shared_.rules.policy, outlook);
    } else {
        log::tell(log::Event::reloaded, {},
                  "policy: there is no policy file any more; each member may use their own jobs");
    }
    shared_.supervisor.apply_policy();
}

std::vector<uid_t> Daemon::users_here() const {
    std::vector<uid_t> users = shared_.supervisor.owners();
    std::ranges::copy(listener_.users(), std::back_inserter(users));
    return users;
}

// All are asked at once, so that a database that does not answer is waited for only once.
asio::awaitable<void> Daemon::look_users_up() {
    const auto left = std::make_shared<std::size_t>(0);
    for (const uid_t user : users_here()) {
        ++*left;
        loop::spawn(loop_.get_executor(), shared_.users.look_up(user, std::chrono::seconds(0)),
                    [left] { --*left; });
    }
    loop::Sleeper sleeper(loop_.get_executor());
    while (*left != 0) co_await sleeper.sleep_until(Clock::now() + kFarewellStep);
}

void Daemon::apply_memberships() {
    ++shared_.policy_changes;  // followers ask again whether they may
    shared_.supervisor.apply_policy();
}

// Ends the jobs of users who have left the socket's group. All jobs are checked each time, because the answer
// that makes the difference may have come at any other moment, when the user asked something.
asio::awaitable<void> Daemon::keep_members() {
    loop::Sleeper sleeper(loop_.get_executor());
    for (;;) {
        co_await sleeper.sleep_until(Clock::now() + kMembersEvery);
        if (shared_.stopping) co_return;
        co_await look_users_up();
        apply_memberships();
        shared_.users.trim(users_here(), Clock::now());
    }
}

// Pings the watchdog from the loop that does the work, so that the pings stay away where that loop hangs.
asio::awaitable<void> Daemon::feed_watchdog() {
    const auto interval = watchdog_interval();
    if (!interval) co_return;
    loop::Sleeper sleeper(loop_.get_executor());
    for (;;) {
        tell_alive();
        co_await sleeper.sleep_until(Clock::now() + *interval);
    }
}

asio::awaitable<void> Daemon::keep_house() {
    loop::Sleeper sleeper(loop_.get_executor());
    std::string told;
    auto stored = Clock::now();
    while (!shared_.stopping) {
        shared_.registry().trim(jobs::now());
        shared_.supervisor.look_at_interfaces();
        shared_.supervisor.look_at_outputs();
        shared_.supervisor.look_at_segments();
        shared_.supervisor.look_at_clock();
        shared_.supervisor.end_expired();
        standing_.look();
        listener_.look_after_sessions(Clock::now());
        shared_.accounts.trim(Clock::now());
        log::tick();
        if (Clock::now() >= stored + kStoreEvery) {
            shared_.supervisor.store_progress();
            stored = Clock::now();
        }
        std::string status = counts(shared_.registry().live(), "job") + ", " +
                             counts(shared_.accounts.held(quota::Held::connection), "client");
        if (status != told) tell_status(status);
        told = std::move(status);
        co_await sleeper.sleep_until(Clock::now() + kHouseEvery);
    }
}

asio::awaitable<void> Daemon::keep_spool() {
    loop::Sleeper sleeper(loop_.get_executor());
    while (!shared_.stopping) {
        co_await upkeep_.remove();
        co_await sleeper.sleep_until(Clock::now() + kRemoveEvery);
    }
}

// Apart from what removes, which must not wait for a worker of the lowest priority.
asio::awaitable<void> Daemon::make_indexes() {
    loop::Sleeper sleeper(loop_.get_executor());
    while (!shared_.stopping) {
        co_await upkeep_.make_indexes();
        co_await sleeper.sleep_until(Clock::now() + kIndexEvery);
    }
}

asio::awaitable<void> Daemon::wind_down() {
    tell_stopping();
    listener_.close();
    shared_.supervisor.suspend();
    const auto live = [](const jobs::Job& job) { return !jobs::is_over(job.state()); };
    loop::Sleeper sleeper(loop_.get_executor());
    auto deadline = Clock::now() + kForJobs;
    while (shared_.registry().live() != 0 && Clock::now() < deadline)
        co_await sleeper.sleep_until(Clock::now() + kFarewellStep);
    // Whatever its state, one in the background comes back as it was stored last.
    for (const auto& job : shared_.registry().all(live))
        log::tell(log::Event::job_left, jobs::own_fields(*job),
                  "job {} (id {}) is no longer waited for: its worker does not end", job->label(), job->id());
    deadline = Clock::now() + kForFarewells;
    do {
        co_await sleeper.sleep_until(Clock::now() + kFarewellStep);
    } while (!listener_.at_rest() && Clock::now() < deadline);
    listener_.close_sessions();
    log::tell(log::Event::stopped, {}, "stopped");
    loop_.stop();
}

}  // namespace packetsentry::service
