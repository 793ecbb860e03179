#include "daemon/control/service_manager.h"

#ifdef PACKETSENTRY_SYSTEMD
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#endif

namespace packetsentry::control {

#ifdef PACKETSENTRY_SYSTEMD

void tell_ready() {
    ::sd_notify(0, "READY=1");
}

void tell_status(const std::string& line) {
    ::sd_notify(0, ("STATUS=" + line).c_str());
}

void tell_stopping() {
    ::sd_notify(0, "STOPPING=1\nSTATUS=stopping all jobs");
}

void tell_alive() {
    ::sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    std::uint64_t patience = 0;
    if (::sd_watchdog_enabled(0, &patience) <= 0) return std::nullopt;
    return std::chrono::microseconds(patience / 2);
}

base::Result<base::UniqueFd> take_activation_socket() {
    const int count = ::sd_listen_fds(1);
    if (count <= 0) return base::UniqueFd();
    base::UniqueFd socket(SD_LISTEN_FDS_START);
    if (count > 1 || ::sd_is_socket(socket.get(), AF_UNIX, SOCK_STREAM, 1) <= 0)
        return base::fail(base::ErrorCode::usage,
                          "the socket unit must have exactly one ListenStream= with a path");
    return socket;
}

#else

void tell_ready() {}
void tell_status(const std::string&) {}
void tell_stopping() {}
void tell_alive() {}

std::optional<std::chrono::microseconds> watchdog_interval() {
    return std::nullopt;
}

base::Result<base::UniqueFd> take_activation_socket() {
    return base::UniqueFd();
}

#endif

}  // namespace packetsentry::control
