// packetsentryd: the control process. It parses no packet, no capture file and no filter.
#include <spdlog/spdlog.h>

#include <exception>
#include <iostream>

#include "daemon/config/command_line.h"
#include "daemon/control/daemon.h"
#include "daemon/control/log.h"
#include "daemon/control/startup.h"
#include "proto/start_worker.h"

namespace {

using namespace packetsentry;

int exit_code(const base::Error& error) {
    return static_cast<int>(error.code);
}

int serve(const config::Config& config) {
    const auto worker = proto::find_worker();
    if (!worker) {
        spdlog::critical("{}", worker.error().message);
        return exit_code(worker.error());
    }
    const auto started = control::start_up(config);
    if (!started) {
        spdlog::critical("{}", started.error().message);
        return exit_code(started.error());
    }
    control::Daemon(config, started->socket, started->rules, *worker).run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto invocation = config::parse_command_line(argc, argv);
    if (!invocation) {
        std::cerr << "packetsentryd: " << control::escaped(invocation.error().message) << '\n';
        return exit_code(invocation.error());
    }
    if (const auto* print = std::get_if<config::PrintAndEnd>(&*invocation)) {
        std::cout << print->text;
        return 0;
    }
    const auto& config = std::get<config::Config>(*invocation);
    control::open_log(config.log_level);
    try {
        return serve(config);
    } catch (const std::exception& error) {
        spdlog::critical("{}", error.what());
        return static_cast<int>(base::ErrorCode::internal);
    }
}
