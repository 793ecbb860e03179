// The commands that start the daemon, as this machine wants them.
#pragma once

#include <string>

namespace packetsentry::ctl {

// Where the service manager stands.
struct ServiceManager {
    bool running = false;    // systemd is process 1
    bool has_units = false;  // and the daemon's are installed
};

[[nodiscard]] ServiceManager find_service_manager();

// By systemd for the usual socket, where that can be; else by hand.
[[nodiscard]] std::string start_command(const std::string& socket_path, const ServiceManager& manager);
// The same for a daemon that runs and should begin anew.
[[nodiscard]] std::string restart_command(const std::string& socket_path, const ServiceManager& manager);

}  // namespace packetsentry::ctl
