#include "daemon/control/interfaces.h"

#include <gtest/gtest.h>
#include <net/if.h>
#include <net/if_arp.h>

#include <algorithm>

namespace packetsentry::control {
namespace {

TEST(Interfaces, LoopbackAndAny) {
    const auto interfaces = list_interfaces();
    ASSERT_TRUE(interfaces);
    const auto names = names_of(*interfaces);
    EXPECT_EQ(names.back(), "any");
    const auto lo = std::ranges::find(names, "lo");
    ASSERT_NE(lo, names.end());
    const auto& info = interfaces->interface(static_cast<int>(lo - names.begin()));
    EXPECT_TRUE(info.loopback());
    EXPECT_EQ(info.link(), "Loopback");
    EXPECT_EQ(info.index(), ::if_nametoindex("lo"));
    EXPECT_EQ(interfaces->interface().rbegin()->index(), 0U);
    if (info.up()) {
        EXPECT_NE(std::ranges::find(info.address(), "127.0.0.1"), info.address().end());
    }
}

TEST(Interfaces, LinkNames) {
    EXPECT_EQ(link_name(ARPHRD_ETHER), "Ethernet");
    EXPECT_EQ(link_name(0xFFFE), "raw IP");
    EXPECT_EQ(link_name(4321), "type 4321");
}

}  // namespace
}  // namespace packetsentry::control
