#include "daemon/policy/peer.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "daemon/base/syscall.h"

namespace packetsentry::policy {
namespace {

base::Result<std::vector<gid_t>> groups_of(int socket) {
    std::vector<gid_t> groups(64);
    for (;;) {
        auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
        const int result = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
        if (result != 0 && errno != ERANGE)
            return base::fail(base::ErrorCode::internal, base::syscall_text("read the peer's groups"));
        groups.resize(size / sizeof(gid_t));
        if (result == 0) return groups;
    }
}

}  // namespace

base::Result<Peer> peer_of(int socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return base::fail(base::ErrorCode::internal, base::syscall_text("read the peer's credentials"));
    auto groups = groups_of(socket);
    if (!groups) return std::unexpected(groups.error());
    return Peer{credentials.uid, credentials.gid, std::move(*groups)};
}

bool is_member(const Peer& peer, gid_t group) {
    return peer.gid == group || std::ranges::find(peer.groups, group) != peer.groups.end();
}

}  // namespace packetsentry::policy
