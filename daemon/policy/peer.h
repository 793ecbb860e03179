// Identifies the user at the other end of a socket, by the numbers that the kernel reports.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace packetsentry::policy {

// What the user database says about a peer's uid.
enum class Standing : std::uint8_t {
    known,
    unknown,     // no user has it; it may be a subordinate id (subuid(5))
    unanswered,  // the database has not answered
};

// The peer at the time when it connected.
struct Peer {
    uid_t uid = 0;
    gid_t gid = 0;
    // The supplementary groups that the kernel reports, and those that the user database lists. A peer can
    // give up a group, and would otherwise escape a rule that restricts it.
    std::vector<gid_t> groups;
    Standing standing = Standing::known;
    std::string name = {};  // how messages call somebody who is not their reader; empty: "you"
};

// Asks the kernel, and reads no byte from the peer. Error: internal.
[[nodiscard]] base::Result<Peer> peer_of(int socket);

[[nodiscard]] bool is_member(const Peer& peer, gid_t group);

}  // namespace packetsentry::policy
