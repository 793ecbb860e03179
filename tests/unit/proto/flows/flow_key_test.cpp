#include "proto/flows/flow_key.h"

#include <gtest/gtest.h>

#include "tests/unit/proto/flows/flow_ends.h"

namespace packetsentry::flows {
namespace {

TEST(FlowKey, IsTheSameInBothDirections) {
    const FlowKey there(tuple(IPPROTO_TCP, kClient, kServer));
    const FlowKey back(tuple(IPPROTO_TCP, kServer, kClient));
    EXPECT_EQ(there, back);
    EXPECT_EQ(there.hash(7), back.hash(7));
    EXPECT_NE(there.hash(7), there.hash(8));
    EXPECT_EQ(there.low(), kClient);
    EXPECT_EQ(there.high(), kServer);
}

TEST(FlowKey, KeepsTheDirectionOfWhatNothingAnswers) {
    FlowTuple there = tuple(IPPROTO_ICMP, end("192.0.2.9", 3), end("192.0.2.1", 1));
    FlowTuple back = tuple(IPPROTO_ICMP, end("192.0.2.1", 1), end("192.0.2.9", 3));
    there.one_way = back.one_way = true;
    EXPECT_NE(FlowKey(there), FlowKey(back));
}

TEST(FlowKey, TellsApartPortsProtocolsAndFamilies) {
    const FlowKey key(tuple(IPPROTO_TCP, kClient, kServer));
    EXPECT_NE(key, FlowKey(tuple(IPPROTO_UDP, kClient, kServer)));
    EXPECT_NE(key, FlowKey(tuple(IPPROTO_TCP, kClient, {kServer.address, 4001})));
    // 192.0.2.1 and c000:201:: begin with the same four bytes.
    EXPECT_NE(FlowKey(tuple(0, end("192.0.2.1", 0), end("192.0.2.1", 0))),
              FlowKey(tuple(0, end("c000:201::", 0), end("c000:201::", 0))));
}

TEST(FlowKey, OrdersEndsOfOneAddressByPort) {
    const FlowKey key(tuple(IPPROTO_TCP, end("192.0.2.1", 9), end("192.0.2.1", 8)));
    EXPECT_EQ(key.low().port, 8);
    EXPECT_EQ(key.high().port, 9);
}

}  // namespace
}  // namespace packetsentry::flows
