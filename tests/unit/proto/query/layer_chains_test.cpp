#include "proto/query/layer_chains.h"

#include <gtest/gtest.h>

namespace packetsentry::query {
namespace {

TEST(LayerChains, HaveWholeNames) {
    EXPECT_TRUE(has_layer("eth:ip:tcp", "ip"));
    EXPECT_TRUE(has_layer("eth:ip:tcp", "tcp"));
    EXPECT_FALSE(has_layer("eth:ipv6:tcp", "ip"));
    EXPECT_FALSE(has_layer("", "ip"));
    EXPECT_FALSE(has_layer("::", ""));
    EXPECT_EQ(innermost_transport("ip:udp:vxlan:eth:ip:tcp:http"), "tcp");
    EXPECT_EQ(innermost_transport("ip:icmp"), "");
}

}  // namespace
}  // namespace packetsentry::query
