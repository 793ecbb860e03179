#include "daemon/service/service_manager.h"

#ifdef PACKETSENTRY_SYSTEMD
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>
#include <string_view>
#endif

namespace packetsentry::service {

#ifdef PACKETSENTRY_SYSTEMD

namespace {

// Tells our own from the socket's, which has its unit's name.
constexpr std::string_view kKeptPrefix = "kept-";

}  // namespace

void tell_ready() {
    ::sd_notify(0, "READY=1");
}

void tell_status(const std::string& line) {
    ::sd_notify(0, ("STATUS=" + line).c_str());
}

void tell_stopping() {
    ::sd_notify(0, "STOPPING=1\nSTATUS=stopping all jobs");
}

void tell_reloading() {
    ::sd_notify(0, "RELOADING=1");
}

void tell_alive() {
    ::sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    std::uint64_t patience = 0;
    if (::sd_watchdog_enabled(0, &patience) <= 0) return std::nullopt;
    return std::chrono::microseconds(patience / 2);
}

namespace {

bool is_control_socket(int fd) {
    return ::sd_is_socket(fd, AF_UNIX, SOCK_STREAM, 1) > 0;
}

// libsystemd's array of names, which is the caller's to free.
struct Names {
    char** names = nullptr;
    ~Names() {
        for (char** name = names; name != nullptr && *name != nullptr; ++name) std::free(*name);
        std::free(names);
    }
};

}  // namespace

base::Result<Handed> take_handed() {
    Handed handed;
    Names names;
    const int count = ::sd_listen_fds_with_names(1, &names.names);
    bool right = true;
    for (int i = 0; i < count; ++i) {
        base::UniqueFd fd(SD_LISTEN_FDS_START + i);
        const std::string_view name = names.names[i];
        // By its name, and nothing asked of it: it is somebody else's file, which need not answer.
        if (name.starts_with(kKeptPrefix))
            handed.kept.emplace(name.substr(kKeptPrefix.size()), std::move(fd));
        else if (is_control_socket(fd.get()) && !handed.socket)
            handed.socket = std::move(fd);
        else
            right = false;
    }
    if (!right)
        return base::fail(base::ErrorCode::usage,
                          "the socket unit must have exactly one ListenStream= with a path");
    return handed;
}

void keep_descriptor(const std::string& name, int fd) {
    const std::string state = "FDSTORE=1\nFDNAME=" + std::string(kKeptPrefix) + name;
    ::sd_pid_notify_with_fds(0, 0, state.c_str(), &fd, 1);
}

void release_descriptor(const std::string& name) {
    ::sd_notify(0, ("FDSTOREREMOVE=1\nFDNAME=" + std::string(kKeptPrefix) + name).c_str());
}

#else

void tell_ready() {}
void tell_status(const std::string&) {}
void tell_stopping() {}
void tell_reloading() {}
void tell_alive() {}

std::optional<std::chrono::microseconds> watchdog_interval() {
    return std::nullopt;
}

base::Result<Handed> take_handed() {
    return Handed{};
}

void keep_descriptor(const std::string&, int) {}
void release_descriptor(const std::string&) {}

#endif

}  // namespace packetsentry::service
