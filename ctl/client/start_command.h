// Returns the commands with which the daemon is started on this machine.
#pragma once

#include <string>

namespace packetsentry::ctl {

// Where the service manager stands.
struct ServiceManager {
    bool running = false;    // systemd is process 1
    bool has_units = false;  // and the daemon's are installed
};

[[nodiscard]] ServiceManager find_service_manager();

// Returns the command that starts the daemon: through systemd for the usual socket, where that is possible,
// else by hand.
[[nodiscard]] std::string start_command(const std::string& socket_path, const ServiceManager& manager);
// Returns the command that restarts a daemon which runs.
[[nodiscard]] std::string restart_command(const std::string& socket_path, const ServiceManager& manager);

}  // namespace packetsentry::ctl
