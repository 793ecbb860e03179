// Who is at the other end of a socket: what the kernel says, in numbers.
#pragma once

#include <sys/types.h>

#include <vector>

#include "daemon/base/result.h"

namespace packetsentry::policy {

// As it was when the peer connected.
struct Peer {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;  // supplementary
};

// Reads no byte of the peer's.
[[nodiscard]] base::Result<Peer> peer_of(int socket);

[[nodiscard]] bool is_member(const Peer& peer, gid_t group);

}  // namespace packetsentry::policy
