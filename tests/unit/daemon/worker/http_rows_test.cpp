#include "daemon/worker/http_rows.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/http_segment.h"
#include "tests/unit/daemon/worker/transaction_rows_fixture.h"

namespace packetsentry::worker {
namespace {

using test::HttpSegment;
namespace tcp_flag = flows::tcp_flag;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\n\r\n";

struct HttpRowsTest : TransactionRowsFixture {
    HttpRowsTest() : TransactionRowsFixture(wire::TABLE_HTTP) {}

    void give(Recorder& recorder, const HttpSegment& segment) {
        give_frame(recorder, test::http_frame(segment), 1);
        if (!recorder.batch_full()) return;
        ASSERT_TRUE(recorder.cut());
    }
    void answer(Recorder& recorder, std::uint16_t port) {
        give(recorder, {.head = kOk,
                        .sequence = 5000,
                        .acknowledgement = 1100,
                        .from_server = true,
                        .client_port = port});
    }
};

TEST_F(HttpRowsTest, ComeBesideThoseOfPackets) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_HTTP);
    give(recorder, {.client_port = 1});
    answer(recorder, 1);
    give(recorder, {.client_port = 2});
    answer(recorder, 3);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(outcomes(), "answered unasked");
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_EQ(outcomes(), "stopped");
    EXPECT_EQ(recorder.ledger().http().rows(), 3U);
    EXPECT_EQ(recorder.ledger().dns().rows(), 0U);
    expect_balanced(recorder);
}

TEST_F(HttpRowsTest, AreUnansweredWhileNothingIsCaptured) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_HTTP);
    give(recorder, {});
    ASSERT_TRUE(recorder.cut());
    const auto now = Recorder::Clock::now();
    recorder.look(now + std::chrono::minutes(4));
    EXPECT_FALSE(recorder.cut_due());
    recorder.look(now + std::chrono::minutes(6));
    EXPECT_TRUE(recorder.cut_due()) << "its row waits to be sent";
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(outcomes(), "unanswered");
}

TEST_F(HttpRowsTest, EndWithTheirConnection) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_HTTP);
    give(recorder, {});
    give(recorder, {.head = "", .flags = tcp_flag::rst | tcp_flag::ack, .from_server = true});
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(outcomes(), "unanswered");
}

// More than a batch has rows, and more than can wait.
TEST_F(HttpRowsTest, AreAllSentAtTheEnd) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_HTTP);
    recorder.leave_packets_out();
    constexpr std::uint16_t kMany = 9000;
    for (std::uint16_t port = 0; port < kMany; ++port)
        give(recorder, {.head = "GET / HTTP/1.1\r\n\r\n", .client_port = port});
    ASSERT_TRUE(recorder.end_derived());
    (void)outcomes();
    EXPECT_EQ(rows, kMany);
    EXPECT_EQ(recorder.ledger().http().rows(), kMany);
    EXPECT_EQ(recorder.ledger().http().evicted(), kMany - transactions::HttpExchanges::kMost);
    EXPECT_EQ(recorder.ledger().http().shed(), 0U);
}

// A response in a tunnel belongs to the request in the tunnel.
TEST_F(HttpRowsTest, ArePairedByTheEndsInATunnel) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_HTTP);
    const auto tunnel = [] {
        test::PacketBuilder packet;
        packet.ethernet().ipv4("198.51.100.1", "198.51.100.2").gre();
        return packet;
    };
    give_frame(recorder,
               tunnel()
                   .ipv4("192.0.2.1", "192.0.2.80")
                   .tcp(40000, 80, {.sequence = 1000, .acknowledgement = 5000})
                   .payload("GET / HTTP/1.1\r\n\r\n")
                   .build(),
               1);
    give_frame(recorder,
               tunnel()
                   .ipv4("192.0.2.80", "192.0.2.1")
                   .tcp(80, 40000, {.sequence = 5000, .acknowledgement = 1018})
                   .payload(kOk)
                   .build(),
               1);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(outcomes(), "answered");
}

// A change of the filter has another worker go on.
TEST_F(HttpRowsTest, AreGivenAwayToTheNextWorker) {
    wire::PassedState passed;
    {
        Recorder first(CaptureMode::live, source, nullptr, *link);
        first.make_transactions(wire::TABLE_HTTP);
        give(first, {});
        ASSERT_TRUE(first.give_away());
        EXPECT_EQ(first.ledger().http().rows(), 0U);
    }
    passed = what_was_passed_on();
    source.counted = {};
    Recorder second(CaptureMode::live, source, nullptr, *link);
    second.make_transactions(wire::TABLE_HTTP);
    second.adopt(passed);
    second.settle();
    EXPECT_FALSE(second.take_passed_news());
    answer(second, HttpSegment{}.client_port);
    ASSERT_TRUE(second.cut());
    EXPECT_EQ(outcomes(), "answered");
    passed.set_requests("no request");
    second.adopt(passed);
    EXPECT_EQ(
        second.take_passed_news(),
        "some requests of HTTP that the worker before this one has passed on could not be read, and are "
        "lost");
    EXPECT_FALSE(second.take_passed_news()) << "it is told once";
}

TEST_F(HttpRowsTest, AreNotOfUdp) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_HTTP);
    give_frame(recorder,
               test::PacketBuilder()
                   .ethernet()
                   .ipv4("192.0.2.1", "192.0.2.80")
                   .udp(40000, 80)
                   .payload("GET / HTTP/1.1\r\n\r\n")
                   .build(),
               1);
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_EQ(outcomes(), "");
}

}  // namespace
}  // namespace packetsentry::worker
