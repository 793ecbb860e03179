// How clients see whether the daemon runs without connecting to its socket.
//
// Where systemd listens for the daemon, every connection starts it. A client that must not do that, as
// completion at a press of the Tab key, needs another sign, and one that the daemon can give with no right to
// write where its socket is: a lock on the directory of the socket, held as long as the process lives,
// whatever its end. Whoever can read the directory can take such a lock too, and gains nothing by it.
#pragma once

#include <string>

#include "daemon/base/unique_fd.h"

namespace packetsentry::base {

// The lock is held until the descriptor is closed. Not open: it cannot be had, and clients take the daemon
// for absent.
[[nodiscard]] UniqueFd hold_presence(const std::string& socket_path);

// A process holds it. False, too, where the directory cannot be read.
[[nodiscard]] bool is_present(const std::string& socket_path);

}  // namespace packetsentry::base
