#include "daemon/policy/peer.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "daemon/base/unique_fd.h"

namespace packetsentry::policy {
namespace {

TEST(Peer, IsWhoTheKernelSays) {
    std::array<int, 2> pair{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
    const base::UniqueFd ours(pair[0]);
    const base::UniqueFd theirs(pair[1]);
    const auto peer = peer_of(ours.get());
    ASSERT_TRUE(peer);
    EXPECT_EQ(peer->uid, ::geteuid());
    EXPECT_EQ(peer->gid, ::getegid());
    std::array<gid_t, 1024> groups{};
    const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
    EXPECT_EQ(peer->groups, std::vector<gid_t>(groups.begin(), groups.begin() + count));
    EXPECT_TRUE(is_member(*peer, ::getegid()));
    EXPECT_FALSE(is_member(*peer, 4'000'000'000U));
}

TEST(Peer, OfNoSocketIsAnError) {
    const auto peer = peer_of(-1);
    ASSERT_FALSE(peer);
    EXPECT_EQ(peer.error().message, "cannot read the peer's credentials: Bad file descriptor");
}

}  // namespace
}  // namespace packetsentry::policy
