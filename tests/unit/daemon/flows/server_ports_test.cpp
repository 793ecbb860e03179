#include "daemon/flows/server_ports.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

namespace packetsentry::flows {
namespace {

TEST(ServerPorts, KnowsCommonServices) {
    EXPECT_TRUE(is_server_port(IPPROTO_TCP, 80));
    EXPECT_TRUE(is_server_port(IPPROTO_UDP, 53));
    EXPECT_FALSE(is_server_port(IPPROTO_UDP, 80));
    EXPECT_FALSE(is_server_port(IPPROTO_TCP, 40000));
    EXPECT_FALSE(is_server_port(IPPROTO_SCTP, 80));
}

}  // namespace
}  // namespace packetsentry::flows
