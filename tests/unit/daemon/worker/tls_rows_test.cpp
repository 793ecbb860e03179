#include "daemon/worker/tls_rows.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/certificates.h"
#include "tests/support/tls_messages.h"
#include "tests/unit/daemon/worker/transaction_rows_fixture.h"

namespace packetsentry::worker {
namespace {

using test::TlsSegment;

struct TlsRowsTest : TransactionRowsFixture {
    TlsRowsTest() : TransactionRowsFixture(wire::TABLE_TLS) {}

    void give(Recorder& recorder, const TlsSegment& segment) {
        give_frame(recorder, test::tls_frame(segment), 1);
        if (!recorder.batch_full()) return;
        ASSERT_TRUE(recorder.cut());
    }
    void ask(Recorder& recorder, std::uint16_t port) {
        give(recorder, {.payload = test::tls_client_hello(), .client_port = port});
    }
    void answer(Recorder& recorder, std::uint16_t port) {
        give(recorder, {.payload = test::tls_server_hello_of_13(),
                        .sequence = 5000,
                        .from_server = true,
                        .client_port = port});
    }
    void go_on(Recorder& recorder, std::uint16_t port) {
        give(recorder,
             {.payload = test::tls_encrypted(test::kTlsData, 53), .sequence = 3000, .client_port = port});
    }
};

TEST_F(TlsRowsTest, ComeBesideThoseOfPackets) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_TLS);
    ask(recorder, 1);
    answer(recorder, 1);
    go_on(recorder, 1);
    ask(recorder, 2);
    answer(recorder, 3);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(outcomes(), "answered");
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_EQ(outcomes(), "stopped unasked");
    EXPECT_EQ(recorder.ledger().tls().rows(), 3U);
    EXPECT_EQ(recorder.ledger().http().rows(), 0U);
    expect_balanced(recorder);
}

TEST_F(TlsRowsTest, AreUnansweredWhileNothingIsCaptured) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_TLS);
    ask(recorder, 1);
    ASSERT_TRUE(recorder.cut());
    const auto now = Recorder::Clock::now();
    recorder.look(now + std::chrono::seconds(25));
    EXPECT_FALSE(recorder.cut_due());
    recorder.look(now + std::chrono::seconds(35));
    EXPECT_TRUE(recorder.cut_due()) << "its row waits to be sent";
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(outcomes(), "unanswered");
}

// More than a batch has rows, and more than can wait.
TEST_F(TlsRowsTest, AreAllSentAtTheEnd) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_TLS);
    recorder.leave_packets_out();
    constexpr std::uint16_t kMany = 9000;
    for (std::uint16_t port = 0; port < kMany; ++port) ask(recorder, port);
    ASSERT_TRUE(recorder.end_derived());
    (void)outcomes();
    EXPECT_EQ(rows, kMany);
    EXPECT_EQ(recorder.ledger().tls().rows(), kMany);
    EXPECT_EQ(recorder.ledger().tls().evicted(), kMany - transactions::TlsHandshakes::kMost);
    EXPECT_EQ(recorder.ledger().tls().shed(), 0U);
}

// Those with certificates are the largest rows that there are, and a batch has a limit.
TEST_F(TlsRowsTest, FitIntoBatchesWithTheirCertificates) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_TLS);
    recorder.leave_packets_out();
    const test::Bytes name = test::der(0x82, test::Bytes(13'000, std::byte{'n'}));
    const test::Bytes flight = test::tls_record(
        test::kTlsHandshake, test::join({test::tls_server_hello_of_12(),
                                         test::tls_certificate({test::certificate_of_names(name)})}));
    constexpr std::uint16_t kMany = 2 * transactions::TlsHandshakes::kGathering;
    const auto give_part = [&](std::uint16_t port, std::size_t from, std::size_t to) {
        give(recorder, {.payload = test::Bytes(flight.begin() + static_cast<std::ptrdiff_t>(from),
                                               flight.begin() + static_cast<std::ptrdiff_t>(to)),
                        .sequence = 5000 + static_cast<std::uint32_t>(from),
                        .from_server = true,
                        .client_port = port});
    };
    for (std::uint16_t port = 0; port < kMany; ++port) {
        ask(recorder, port);
        for (std::size_t at = 0; at < flight.size(); at += 1400)
            give_part(port, at, std::min(at + 1400, flight.size()));
    }
    ASSERT_TRUE(recorder.end_derived());
    (void)outcomes();
    EXPECT_EQ(rows, kMany);
    EXPECT_EQ(recorder.ledger().tls().shed(), 0U);
}

// A handshake that is under way when a change of the filter has another worker go on ends with the first one:
// what has been gathered of it is not passed on.
TEST_F(TlsRowsTest, EndWithTheirWorker) {
    {
        Recorder first(CaptureMode::live, source, nullptr, *link);
        first.make_transactions(wire::TABLE_TLS);
        ask(first, 1);
        ASSERT_TRUE(first.give_away());
        EXPECT_EQ(first.ledger().tls().rows(), 1U);
    }
    EXPECT_EQ(outcomes(), "stopped");
}

}  // namespace
}  // namespace packetsentry::worker
