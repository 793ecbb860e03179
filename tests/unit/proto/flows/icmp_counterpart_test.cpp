#include "proto/flows/icmp_counterpart.h"

#include <gtest/gtest.h>

namespace packetsentry::flows {
namespace {

TEST(IcmpCounterpart, PairsRequestsWithReplies) {
    EXPECT_EQ(icmp_counterpart(8), 0);
    EXPECT_EQ(icmp_counterpart(0), 8);
    EXPECT_EQ(icmp_counterpart(3), std::nullopt);
    EXPECT_EQ(icmpv6_counterpart(135), 136);
    EXPECT_EQ(icmpv6_counterpart(136), 135);
    EXPECT_EQ(icmpv6_counterpart(1), std::nullopt);
}

}  // namespace
}  // namespace packetsentry::flows
