// What systemd is told of us, and what it gives. Without systemd all of it is quiet and empty.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::control {

void tell_ready();
void tell_status(const std::string& line);
void tell_stopping();
void tell_alive();  // the watchdog's ping

// How often the watchdog wants to be pinged: half of its patience. None: there is no watchdog.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();

// The socket systemd listens on for us; none where there is none. Error: it is not one listening Unix
// stream socket.
[[nodiscard]] base::Result<base::UniqueFd> take_activation_socket();

}  // namespace packetsentry::control
