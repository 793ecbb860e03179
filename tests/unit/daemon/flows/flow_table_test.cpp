#include "daemon/flows/flow_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::flows {
namespace {

struct Shown {
    FlowEnd originator;
    FlowReason reason;
    std::uint64_t packets;
    std::string history;
};

class Rows : public FlowSink {
  public:
    void flow(const Flow& flow, FlowReason reason) override {
        rows.push_back({flow.originator(), reason, flow.counts(true).packets + flow.counts(false).packets,
                        std::string(flow.history().text())});
    }
    std::vector<Shown> rows;
};

class Flows : public testing::Test {
  protected:
    void udp(std::uint16_t port, std::int64_t seconds, bool answer = false) {
        const FlowEnd client{kClient.address, port};
        take(packet(answer ? tuple(IPPROTO_UDP, kServer, client) : tuple(IPPROTO_UDP, client, kServer), 10),
             seconds);
    }
    void take(FlowPacket made, std::int64_t seconds) {
        made.time_ns = seconds * kSecond;
        (void)table.take(made, made.time_ns);
    }

    Rows shown;
    FlowTable table{{}, {}, 99, shown};
};

TEST_F(Flows, PutsBothDirectionsTogether) {
    udp(1000, 0);
    udp(1000, 1, true);
    udp(1001, 1);
    EXPECT_EQ(table.flows(), 2U);
    table.finish();
    ASSERT_EQ(shown.rows.size(), 2U);
    EXPECT_EQ(shown.rows[0].originator.port, 1000);
    EXPECT_EQ(shown.rows[0].packets, 2U);
    EXPECT_EQ(shown.rows[0].history, "Dd");
    EXPECT_EQ(shown.rows[0].reason, FlowReason::stopped);
}

TEST_F(Flows, EndWhenNothingComesForLong) {
    udp(1000, 0);
    udp(1001, 30);
    table.advance(59 * kSecond);
    EXPECT_TRUE(shown.rows.empty());
    table.advance(60 * kSecond);
    ASSERT_EQ(shown.rows.size(), 1U);
    EXPECT_EQ(shown.rows[0].reason, FlowReason::idle);
    udp(1000, 61);
    EXPECT_EQ(table.flows(), 2U) << "what comes later is another flow";
}

TEST_F(Flows, AreShownWhileTheyLast) {
    for (std::int64_t second = 0; second <= 620; second += 20) udp(1000, second);
    ASSERT_EQ(shown.rows.size(), 2U);
    EXPECT_EQ(shown.rows[0].reason, FlowReason::lasts);
    EXPECT_EQ(shown.rows[1].packets, 30U);
}

TEST_F(Flows, KeepARepeatedAttemptTogether) {
    for (const std::int64_t second : {0, 1, 3, 7, 15, 31, 63})
        take(tcp_packet(true, segment("S", 5, 0)), second);
    EXPECT_EQ(table.flows(), 1U);
    take(tcp_packet(true, segment("S", 77777, 0)), 64);
    ASSERT_EQ(shown.rows.size(), 1U);
    EXPECT_EQ(shown.rows[0].reason, FlowReason::replaced);
    EXPECT_EQ(shown.rows[0].packets, 7U);
}

TEST_F(Flows, EndSoonAfterTheirConnection) {
    take(tcp_packet(true, segment("S", 5, 0)), 0);
    take(tcp_packet(false, segment("RA", 0, 6)), 1);
    take(tcp_packet(false, segment("RA", 0, 6)), 4);
    EXPECT_EQ(table.flows(), 1U);
    table.advance(6 * kSecond);
    ASSERT_EQ(shown.rows.size(), 1U) << "what comes late does not prolong it";
    EXPECT_EQ(shown.rows[0].reason, FlowReason::ended);
    EXPECT_EQ(shown.rows[0].packets, 3U);
}

TEST_F(Flows, GuessTheServerByItsPort) {
    take(packet(tuple(IPPROTO_UDP, end("192.0.2.1", 53), end("192.0.2.2", 4444)), 10), 0);
    take(packet(tuple(IPPROTO_UDP, end("192.0.2.1", 67), end("255.255.255.255", 68)), 10), 0);
    table.finish();
    EXPECT_EQ(shown.rows[0].originator, end("192.0.2.2", 4444));
    EXPECT_EQ(shown.rows[0].history, "^d");
    EXPECT_EQ(shown.rows[1].originator, end("192.0.2.1", 67)) << "nobody answers from everywhere";
}

TEST(FlowTable, IsBounded) {
    Rows shown;
    FlowTable table({.bytes = FlowTable::bytes_of(100)}, {}, 99, shown);
    ASSERT_EQ(table.most_flows(), 100U);
    (void)table.take(tcp_packet(true, segment("A", 5, 7, 10)), 0);
    for (std::uint16_t port = 1; port <= 1000; ++port)
        (void)table.take(packet(tuple(IPPROTO_UDP, {kClient.address, port}, kServer)), port);
    EXPECT_EQ(table.flows(), 100U);
    EXPECT_EQ(table.evicted(), 901U);
    EXPECT_EQ(shown.rows.size(), 901U);
    EXPECT_EQ(shown.rows[0].originator.port, 1) << "datagrams go before connections, and the oldest first";
    EXPECT_EQ(shown.rows[0].reason, FlowReason::evicted);
    // Each of the others is still found.
    for (std::uint16_t port = 902; port <= 1000; ++port)
        (void)table.take(packet(tuple(IPPROTO_UDP, {kClient.address, port}, kServer)), 2000);
    EXPECT_EQ(shown.rows.size(), 901U);
}

TEST(FlowTable, TakesNoTimeForOneBefore) {
    Rows shown;
    FlowTable table({}, {}, 99, shown);
    (void)table.take(packet(tuple(IPPROTO_UDP, kClient, kServer)), 1000 * kSecond);
    (void)table.take(packet(tuple(IPPROTO_UDP, kClient, kServer)), 1);
    table.advance(1059 * kSecond);
    EXPECT_TRUE(shown.rows.empty());
    table.advance(1060 * kSecond);
    EXPECT_EQ(shown.rows.size(), 1U);
}

// Keys of flows that are there, of one that is not, and none at all.
TEST_F(Flows, AreTheSameWhateverIsExpected) {
    for (std::uint16_t port = 0; port < 300; ++port) {
        const FlowEnd client{kClient.address, static_cast<std::uint16_t>(port % 200)};
        if (port % 3 != 0)
            table.expect(FlowKey(tuple(IPPROTO_UDP, client, kServer)));
        else if (port % 2 != 0)
            table.expect(std::nullopt);
        table.fetch_expected();
        udp(port % 100, 0);
        table.fetch_expected();
    }
    EXPECT_EQ(table.flows(), 100U);
    EXPECT_TRUE(table.finish());
    for (const Shown& row : shown.rows) EXPECT_EQ(row.packets, 3U);
}

// Entries are allocated many at a time.
TEST_F(Flows, MayBeMoreThanAreAllocatedTogether) {
    constexpr std::uint16_t kMany = 20000;
    for (std::uint16_t port = 0; port < kMany; ++port) udp(port, 0);
    for (std::uint16_t port = 0; port < kMany; ++port) udp(port, 1, true);
    EXPECT_EQ(table.flows(), kMany);
    EXPECT_TRUE(table.finish());
    ASSERT_EQ(shown.rows.size(), kMany);
    for (const Shown& row : shown.rows) ASSERT_EQ(row.packets, 2U);
}

// Whoever takes the rows has room for a bounded number.
TEST_F(Flows, AreShownInBoundedNumbersAtATime) {
    constexpr std::uint16_t kMany = 3000;
    for (std::uint16_t port = 0; port < kMany; ++port) udp(port, 0);
    table.advance(60 * kSecond);
    EXPECT_EQ(shown.rows.size(), FlowTable::kMostShown);
    table.advance(60 * kSecond);
    EXPECT_EQ(shown.rows.size(), 2 * FlowTable::kMostShown) << "what is left comes without a later time";
    EXPECT_FALSE(table.finish(100));
    EXPECT_EQ(shown.rows.size(), 2 * FlowTable::kMostShown + 100);
    EXPECT_TRUE(table.finish());
    EXPECT_EQ(shown.rows.size(), kMany);
    EXPECT_TRUE(table.finish(0));
}

// Its time was over, although others were ended first.
TEST_F(Flows, DoNotGoOnAfterTheirTime) {
    constexpr std::uint16_t kMany = 2000;
    for (std::uint16_t port = 0; port < kMany; ++port) udp(port, 0);
    udp(kMany - 1, 100);
    EXPECT_EQ(shown.rows.back().originator.port, kMany - 1);
    EXPECT_EQ(shown.rows.back().reason, FlowReason::idle);
    (void)table.finish();
    EXPECT_EQ(shown.rows.size(), kMany + 1U);
    EXPECT_EQ(shown.rows.back().packets, 1U);
}

}  // namespace
}  // namespace packetsentry::flows
