// Collects the facts that the doctor judges: everything that a capture of the user depends on.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "ctl/client/membership.h"
#include "ctl/client/start_command.h"
#include "daemon/base/result.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::ctl::doctor {

struct SocketFacts {
    int error = 0;  // errno of looking at it; 0: the rest was seen
    bool is_socket = false;
    mode_t permissions = 0;
    uid_t owner = 0;
    std::string owner_name = {};
    std::string group_name = {};
};

// Where log and results go.
struct DirectoryFacts {
    std::string path = {};
    bool is_there = false;
    int write_error = 0;  // errno of asking whether one may make files in it
    std::uint64_t free_bytes = 0;
};

struct Facts {
    std::string client_version = {};
    std::int64_t now_ns = 0;
    Membership membership = {};
    ServiceManager manager = {};
    std::string socket_path = {};
    SocketFacts socket = {};
    base::Result<void> connected = {};
    std::optional<std::string> configuration = {};   // the mistake for which the daemon cannot start
    base::Result<void> trusted = {};                 // who listens there, or owns it where not connected
    base::Result<wire::Status> status = {};          // not asked where not connected, or not trusted
    base::Result<wire::Interfaces> interfaces = {};  // likewise
    base::Result<wire::PolicyVerdict> policy = {};   // likewise: all that the user may
    base::Result<std::string> worker = {};           // its path
    std::optional<DirectoryFacts> directory = {};    // none: no files are wanted
};

// Asks the system, and the daemon with some seconds' patience. directory: where log and results are to go,
// empty for the working directory; none: no files are wanted.
[[nodiscard]] Facts find_facts(const std::string& socket, const std::optional<std::string>& directory,
                               std::int64_t now_ns);

}  // namespace packetsentry::ctl::doctor
