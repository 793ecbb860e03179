#include "daemon/flows/flow.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::flows {
namespace {

constexpr dissect::Protocol kOne{.word = "ONE", .name = "one", .shows_ports = false, .detail = {}};
constexpr dissect::Protocol kTwo{.word = "TWO", .name = "two", .shows_ports = false, .detail = {}};
constexpr dissect::Protocol kOneOtherwiseShown{
    .word = "ONE", .name = "one", .shows_ports = false, .detail = {}};

TEST(Flow, CountsEachSide) {
    FlowPacket there = packet(tuple(IPPROTO_UDP, kClient, kServer), 100, kSecond);
    FlowPacket back = packet(tuple(IPPROTO_UDP, kServer, kClient), 40, 3 * kSecond);
    there.number = 7;
    back.number = 9;
    Flow flow(there, false);
    (void)flow.take(there);
    (void)flow.take(back);
    EXPECT_EQ(flow.counts(true).packets, 1U);
    EXPECT_EQ(flow.counts(true).ip_bytes, 128U);
    EXPECT_EQ(flow.data_bytes(false), 40U);
    EXPECT_EQ(flow.begin_ns(), kSecond);
    EXPECT_EQ(flow.end_ns(), 3 * kSecond);
    EXPECT_EQ(flow.first_packet(), 7U);
    EXPECT_EQ(flow.last_packet(), 9U);
    EXPECT_EQ(flow.state(), ConnState::SF);
}

TEST(Flow, ExchangesItsSidesWithItsConversation) {
    const FlowPacket answer = tcp_packet(false, segment("SA", 50, 8));
    Flow flow(answer, false);
    (void)flow.take(answer);
    EXPECT_EQ(flow.originator(), kServer);
    (void)flow.take(tcp_packet(true, segment("A", 8, 51, 20)));
    EXPECT_EQ(flow.originator(), kClient);
    EXPECT_EQ(flow.counts(true).packets, 1U);
    EXPECT_EQ(flow.counts(false).packets, 1U);
    EXPECT_EQ(flow.history().text(), "^hD");
    EXPECT_EQ(flow.data_bytes(true), 20U);
}

TEST(Flow, TellsTheHighestRateOfALongerOne) {
    const auto at = [](std::int64_t time_ns, bool back = false) {
        return packet(back ? tuple(IPPROTO_UDP, kServer, kClient) : tuple(IPPROTO_UDP, kClient, kServer), 72,
                      time_ns);
    };
    Flow flow(at(kSecond), false);
    (void)flow.take(at(kSecond));
    (void)flow.take(at(2 * kSecond + 1));
    (void)flow.take(at(2 * kSecond + 2, true));
    (void)flow.take(at(3 * kSecond - 1));
    EXPECT_EQ(flow.highest_rate(), std::nullopt) << "it is shorter than two seconds";
    (void)flow.take(at(3 * kSecond));
    EXPECT_EQ(flow.highest_rate(), 300U) << "of both sides, with their headers";
}

TEST(Flow, NamesFewServices) {
    FlowPacket made = packet(tuple(IPPROTO_UDP, kClient, kServer), 1);
    Flow flow(made, false);
    for (const dissect::Protocol* const protocol : {&kOne, &kTwo, &kOneOtherwiseShown, &kOne}) {
        made.protocol = protocol;
        (void)flow.take(made);
    }
    ASSERT_EQ(flow.services().size(), 2U);
    EXPECT_EQ(flow.services()[1], &kTwo);
}

// As Zeek has it: what comes after both FINs, and after all data was acknowledged, makes no flow longer.
TEST(Flow, LastsAsLongAsItsConversation) {
    const FlowPacket syn = tcp_packet(true, segment("S", 0, 0, 0, 0));
    Flow flow(syn, false);
    (void)flow.take(syn);
    (void)flow.take(tcp_packet(false, segment("SA", 0, 1, 0, kSecond)));
    (void)flow.take(tcp_packet(true, segment("FA", 1, 1, 0, 2 * kSecond)));
    (void)flow.take(tcp_packet(false, segment("FA", 1, 2, 0, 3 * kSecond)));
    (void)flow.take(tcp_packet(true, segment("A", 2, 2, 0, 4 * kSecond)));
    EXPECT_EQ(flow.end_ns(), 3 * kSecond);
}

TEST(Flow, NeverEndsBeforeItBegan) {
    Flow flow(packet(tuple(IPPROTO_UDP, kClient, kServer), 1, 50), false);
    (void)flow.take(packet(tuple(IPPROTO_UDP, kClient, kServer), 1, 50));
    (void)flow.take(packet(tuple(IPPROTO_UDP, kServer, kClient), 1, 20));
    EXPECT_EQ(flow.begin_ns(), 50);
    EXPECT_EQ(flow.end_ns(), 50);
}

TEST(Flow, KnowsTheFlowThatCarriesIt) {
    const FlowTuple tunnel = tuple(IPPROTO_UDP, end("192.0.2.8", 4000), end("192.0.2.9", 4789));
    FlowPacket inside = packet(tuple(IPPROTO_UDP, kClient, kServer));
    EXPECT_EQ(Flow(inside, false).parent(), nullptr);
    inside.parent = &tunnel;
    const Flow flow(inside, false);
    ASSERT_NE(flow.parent(), nullptr);
    EXPECT_EQ(*flow.parent(), community_hash(tunnel));
}

}  // namespace
}  // namespace packetsentry::flows
