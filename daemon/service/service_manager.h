// Tells systemd the state of the daemon, and takes the descriptors that systemd passes. Without systemd these
// functions do nothing and return nothing.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::service {

void tell_ready();
void tell_status(const std::string& line);
void tell_stopping();
void tell_reloading();  // tell_ready() ends it
void tell_alive();      // the watchdog's ping

// How often the watchdog wants to be pinged: half of its patience. None: there is no watchdog.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();

// What systemd hands over: the socket it listens on for us, and what keep_descriptor() gave it before a
// restart, by name.
struct Handed {
    base::UniqueFd socket;
    std::map<std::string, base::UniqueFd> kept;
};
// Once. Error: among them is one that is neither kept nor a listening Unix stream socket.
[[nodiscard]] base::Result<Handed> take_handed();

// systemd holds a duplicate until it is released, over a restart too. Where there is no systemd, or it
// has no room for it (FileDescriptorStoreMax=), nothing is kept. name: not "socket", no colon.
void keep_descriptor(const std::string& name, int fd);
void release_descriptor(const std::string& name);

}  // namespace packetsentry::service
