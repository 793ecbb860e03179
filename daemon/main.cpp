// packetsentryd: the control process. It parses no packet, no capture file and no filter.
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <system_error>

#include "daemon/base/closing.h"
#include "daemon/base/inherited.h"
#include "daemon/base/low_numbers.h"
#include "daemon/config/invocation.h"
#include "daemon/control/job_filters.h"
#include "daemon/control/policy_filters.h"
#include "daemon/control/policy_outlook.h"
#include "daemon/log/escaped.h"
#include "daemon/log/log.h"
#include "daemon/service/daemon.h"
#include "daemon/service/startup.h"
#include "daemon/standing/job_directory.h"
#include "proto/link/start_worker.h"

namespace {

using namespace packetsentry;

int complain(const base::Error& error) {
    std::cerr << "packetsentryd: " << log::escaped(error.message) << '\n';
    return static_cast<int>(error.code);
}

void warn(const std::string& text) {
    std::cerr << "packetsentryd: warning: " << log::escaped(text) << '\n';
}

int broken(const base::Error& error) {
    log::tell(log::Event::broken, {}, error.message);
    return static_cast<int>(error.code);
}

// Workers that start get no copy of what users have opened or will pass, and nobody waits until it is closed.
base::Result<void> keep_apart(std::map<std::string, base::UniqueFd>& kept) {
    for (auto& [name, fd] : kept) {
        base::count_until_closed(fd.get(), std::make_shared<std::atomic<std::uint32_t>>(0));
        if (auto moved = base::move_up(fd); !moved) return moved;
    }
    return base::reserve_low_numbers();
}

int serve(const config::Config& config, service::Daemon::Reread reread) {
    const auto worker = proto::find_worker();
    if (!worker) return broken(worker.error());
    auto started = service::start_up(config);
    if (!started) return broken(started.error());
    log::go_async();
    base::close_elsewhere();
    if (auto apart = keep_apart(started->kept); !apart) return broken(apart.error());
    if (started->rules.policy) {
        if (auto good = control::check_filters_now(*worker, *started->rules.policy); !good)
            return broken(good.error());
    }
    service::Daemon(config, *started, *worker, std::move(reread)).run();
    return 0;
}

int run(const config::Config& config, service::Daemon::Reread reread) {
    log::set_level(config.log_level);
    int status = 0;
    try {
        status = serve(config, std::move(reread));
    } catch (const std::system_error& error) {
        status = broken({base::ErrorCode::internal,
                         std::string("the system refuses something that packetsentryd needs, most likely a "
                                     "thread: ") +
                             error.what() +
                             "; a limit ('ulimit -u') or a container's filter of system calls may be why"});
    } catch (const std::exception& error) {
        status = broken({base::ErrorCode::internal, error.what()});
    }
    if (!log::close()) ::_exit(status);
    return status;
}

// A file can be right and not mean what its author thinks: a rule alone shuts out everybody whom it does not
// name.
void tell_outlook(const config::Config& config, const policy::Policy& policy) {
    const auto outlook = control::outlook_of_members(service::rules_of(config, policy));
    for (const std::string& rule : outlook.rules) std::cout << log::escaped(rule) << '\n';
    for (const std::string& loss : outlook.losses) warn(loss);
    for (const std::string& warning : policy::warnings_of(policy)) warn(warning);
}

base::Result<void> check_filters_of(const standing::StandingJob& job) {
    const auto worker = proto::find_worker();
    if (!worker) return std::unexpected(worker.error());
    return control::check_job_filters_now(*worker, job);
}

void tell_job(const standing::StandingJob& job) {
    if (auto good = check_filters_of(job); !good) return warn(good.error().message);
    const std::string text = "standing job " + job.name + " (" + job.path + ") " + standing::describe(job);
    std::cout << log::escaped(text) << '\n';
}

// A job whose file is wrong does not start. The daemon and the other jobs do, so this is only a warning.
void tell_standing_jobs(const config::Config& config) {
    const auto found = standing::read_job_directory(config.jobs_directory, ::geteuid());
    for (const base::Error& error : found.errors) warn(error.message);
    for (const standing::StandingJob& job : found.jobs) tell_job(job);
}

int check(const config::Config& config) {
    const auto policy = service::read_policy(config);
    if (!policy) return complain(policy.error());
    if (*policy) {
        const auto worker = proto::find_worker();
        if (!worker) return complain(worker.error());
        if (auto good = control::check_filters_now(*worker, **policy); !good) return complain(good.error());
        tell_outlook(config, **policy);
    }
    tell_standing_jobs(config);
    std::cout << "the configuration is valid\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    base::settle_what_is_inherited();
    const auto invocation = config::parse_command_line(argc, argv);
    if (!invocation) return complain(invocation.error());
    if (const auto* print = std::get_if<config::PrintAndEnd>(&*invocation)) {
        std::cout << print->text;
        return 0;
    }
    if (const auto* looked_at = std::get_if<config::CheckAndEnd>(&*invocation))
        return check(looked_at->config);
    return run(std::get<config::Config>(*invocation), [argc, argv]() -> base::Result<config::Config> {
        const auto again = config::parse_command_line(argc, argv);
        if (!again) return std::unexpected(again.error());
        return std::get<config::Config>(*again);
    });
}
