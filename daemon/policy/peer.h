// Who is at the other end of a socket: what the kernel says, in numbers.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace packetsentry::policy {

// What the user database says of a peer's uid.
enum class Standing : std::uint8_t {
    known,
    unknown,     // nobody has it, as one of somebody's subordinate ids (subuid(5))
    unanswered,  // the database has not answered
};

// As it was when the peer connected.
struct Peer {
    uid_t uid = 0;
    gid_t gid = 0;
    // The supplementary ones that the peer presents, and those that the user database names: a peer can drop
    // a group, and a rule that narrows it with that.
    std::vector<gid_t> groups;
    Standing standing = Standing::known;
    std::string name = {};  // how messages call somebody who is not their reader; empty: "you"
};

// Reads no byte of the peer's.
[[nodiscard]] base::Result<Peer> peer_of(int socket);

[[nodiscard]] bool is_member(const Peer& peer, gid_t group);

}  // namespace packetsentry::policy
