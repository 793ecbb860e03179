#include "daemon/flows/tunnel_protocol.h"

#include <gtest/gtest.h>

namespace packetsentry::flows {
namespace {

TEST(TunnelProtocol, IsKnownForTunnelsOverUdp) {
    ASSERT_NE(tunnel_protocol("vxlan"), nullptr);
    EXPECT_EQ(tunnel_protocol("vxlan")->name, "vxlan");
    EXPECT_EQ(tunnel_protocol("gre"), nullptr);
    EXPECT_EQ(tunnel_protocol(""), nullptr);
}

}  // namespace
}  // namespace packetsentry::flows
