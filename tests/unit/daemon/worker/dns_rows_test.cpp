#include "daemon/worker/dns_rows.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/dns_message.h"
#include "tests/unit/daemon/worker/transaction_rows_fixture.h"

namespace packetsentry::worker {
namespace {

using test::DnsMessage;

struct DnsRowsTest : TransactionRowsFixture {
    DnsRowsTest() : TransactionRowsFixture(wire::TABLE_DNS) {}

    void give(Recorder& recorder, const DnsMessage& message) {
        give_frame(recorder, test::dns_frame(message), 1);
        if (!recorder.batch_full()) return;
        ASSERT_TRUE(recorder.cut());
    }
};

TEST_F(DnsRowsTest, ComeBesideThoseOfPackets) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_DNS);
    give(recorder, {.id = 1});
    give(recorder, {.id = 1, .answer = true, .address = "C0000207"});
    give(recorder, {.id = 2});
    give(recorder, {.id = 3, .answer = true});
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(outcomes(), "answered unasked");
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_EQ(outcomes(), "stopped");
    EXPECT_EQ(recorder.ledger().dns().rows(), 3U);
    EXPECT_EQ(recorder.ledger().flows().rows(), 0U);
    expect_balanced(recorder);
}

TEST_F(DnsRowsTest, AreUnansweredWhileNothingIsCaptured) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_DNS);
    give(recorder, {.id = 1});
    ASSERT_TRUE(recorder.cut());
    const auto now = Recorder::Clock::now();
    recorder.look(now + std::chrono::seconds(9));
    EXPECT_FALSE(recorder.cut_due());
    recorder.look(now + std::chrono::seconds(11));
    EXPECT_TRUE(recorder.cut_due()) << "its row waits to be sent";
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(outcomes(), "unanswered");
}

// More than a batch has rows: those of a flood of questions nobody answers.
TEST_F(DnsRowsTest, AreAllSentAtTheEnd) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_DNS);
    recorder.leave_packets_out();
    constexpr std::uint16_t kMany = 20000;
    for (std::uint16_t id = 0; id < kMany; ++id) give(recorder, {.id = id});
    ASSERT_TRUE(recorder.end_derived());
    (void)outcomes();
    EXPECT_EQ(rows, kMany);
    EXPECT_EQ(recorder.ledger().dns().rows(), kMany);
    EXPECT_EQ(recorder.ledger().dns().evicted(), kMany - transactions::DnsQuestions::kMost);
    EXPECT_EQ(recorder.ledger().dns().shed(), 0U);
}

TEST_F(DnsRowsTest, AreMadeWhateverADisplayFilterLeavesOut) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_DNS);
    recorder.leave_packets_out();
    give(recorder, {.id = 1});
    give(recorder, {.id = 1, .answer = true});
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_EQ(outcomes(), "answered");
    EXPECT_EQ(recorder.ledger().recorded(), 2U);
}

// As a client sends them that has two of them at a time (RFC 7766 section 6.2.1.1).
TEST_F(DnsRowsTest, ComeSeveralInASegment) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_DNS);
    const auto segment = [](bool answer) {
        const auto message = [answer](std::uint16_t id, std::string_view name, std::string_view address) {
            return test::sized(
                DnsMessage{.id = id, .name = name, .answer = answer, .address = answer ? address : ""}
                    .bytes(),
                2);
        };
        test::PacketBuilder packet;
        packet.ethernet();
        if (answer)
            packet.ipv4("192.0.2.53", "192.0.2.1").tcp(53, 40000);
        else
            packet.ipv4("192.0.2.1", "192.0.2.53").tcp(40000, 53);
        return packet
            .payload(test::join({message(1, "one.example", "C0000201"), message(2, "two.example", "C0000202"),
                                 message(3, "three.example", "C0000203")}))
            .build();
    };
    give_frame(recorder, segment(false), 1);
    give_frame(recorder, segment(true), 1);
    ASSERT_TRUE(recorder.cut());
    std::string names, addresses;
    for (const wire::Batch& batch : batches_received()) {
        const auto view = proto::BatchView::check(batch);
        ASSERT_TRUE(view);
        if (view->table() != wire::TABLE_DNS) continue;
        EXPECT_EQ(view->rows(), 3U);
        for (const proto::ColumnView& column : view->columns())
            for (std::size_t i = 0; i < column.values(); ++i) {
                if (column.name() == "dns.question.name") names += std::string(column.text(i)) + ' ';
                if (column.name() == "dns.answers.data") addresses += std::string(column.text(i)) + ' ';
            }
    }
    EXPECT_EQ(names, "one.example two.example three.example ");
    EXPECT_EQ(addresses, "192.0.2.1 192.0.2.2 192.0.2.3 ");
}

// The later messages of a zone transfer need not repeat the question.
TEST_F(DnsRowsTest, AreOneForAZoneTransfer) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_DNS);
    const auto give_segment = [&](const DnsMessage& message) {
        test::PacketBuilder packet;
        packet.ethernet();
        if (message.answer)
            packet.ipv4("192.0.2.53", "192.0.2.1").tcp(53, 40000);
        else
            packet.ipv4("192.0.2.1", "192.0.2.53").tcp(40000, 53);
        give_frame(recorder, packet.payload(test::sized(message.bytes(), 2)).build(), 1);
    };
    constexpr std::uint16_t kTransfer = 252;
    give_segment({.id = 1, .type = kTransfer});
    give_segment({.id = 1, .type = kTransfer, .answer = true, .address = "C0000201"});
    give_segment({.id = 1, .type = kTransfer, .answer = true, .address = "C0000202"});
    give_segment({.id = 1, .name = "", .answer = true});
    ASSERT_TRUE(recorder.cut());
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_EQ(outcomes(), "answered");
    EXPECT_EQ(rows, 1U);
}

// As much as may be in a segment that the network card will cut up: no batch may become too large for it.
TEST_F(DnsRowsTest, AreNoMoreThanABatchHasRoomFor) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_DNS);
    recorder.leave_packets_out();
    constexpr int kMessages = 12, kRecords = 1000, kSegments = 4;
    std::uint32_t address = 0x01000000;
    for (int segment = 0; segment < kSegments; ++segment) {
        test::Bytes payload;
        for (int message = 0; message < kMessages; ++message) {
            test::Bytes bytes =
                test::join({test::hex("0007 8180 0001"), test::big_endian(kRecords, 2),
                            test::hex("0000 0000"), test::dns_name("www.example"), test::hex("0001 0001")});
            for (int record = 0; record < kRecords; ++record) {
                const test::Bytes one =
                    test::join({test::hex("C00C 0001 0001 0000003C 0004"), test::big_endian(++address, 4)});
                bytes.insert(bytes.end(), one.begin(), one.end());
            }
            const test::Bytes whole = test::sized(bytes, 2);
            payload.insert(payload.end(), whole.begin(), whole.end());
        }
        give_frame(recorder,
                   test::PacketBuilder()
                       .ethernet()
                       .ipv4("192.0.2.53", "192.0.2.1", {.total_length = 0})
                       .tcp(53, 40000)
                       .payload(payload)
                       .build(),
                   1);
        if (recorder.batch_full()) {
            ASSERT_TRUE(recorder.cut());
        }
    }
    ASSERT_TRUE(recorder.cut());
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_TRUE(outcomes().starts_with("unasked"));
    EXPECT_GE(rows, static_cast<std::uint64_t>(kSegments));
}

// In a file, time goes on with every packet.
TEST_F(DnsRowsTest, AreUnansweredWhereAFileGoesOnForLonger) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_DNS);
    give(recorder, {.id = 1});
    RecorderFixture::give(recorder, 11'000'000'000);
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_EQ(outcomes(), "unanswered");
}

// An answer in a tunnel belongs to the question in the tunnel.
TEST_F(DnsRowsTest, ArePairedByTheEndsInATunnel) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_DNS);
    const auto in_tunnel = [](const DnsMessage& message) {
        test::PacketBuilder packet;
        packet.ethernet().ipv4("198.51.100.1", "198.51.100.2").gre();
        if (message.answer)
            packet.ipv4("192.0.2.53", "192.0.2.1").udp(53, 40000);
        else
            packet.ipv4("192.0.2.1", "192.0.2.53").udp(40000, 53);
        return packet.payload(message.bytes()).build();
    };
    give_frame(recorder, in_tunnel({.id = 1}), 1);
    give_frame(recorder, in_tunnel({.id = 1, .answer = true}), 1);
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(outcomes(), "answered");
}

// A change of the filter has another worker go on.
TEST_F(DnsRowsTest, AreGivenAwayToTheNextWorker) {
    wire::PassedState passed;
    {
        Recorder first(CaptureMode::live, source, nullptr, *link);
        first.make_transactions(wire::TABLE_DNS);
        give(first, {.id = 1});
        ASSERT_TRUE(first.give_away());
        EXPECT_EQ(first.ledger().dns().rows(), 0U);
    }
    passed = what_was_passed_on();
    source.counted = {};
    Recorder second(CaptureMode::live, source, nullptr, *link);
    second.make_transactions(wire::TABLE_DNS);
    second.adopt(passed);
    second.settle();
    EXPECT_FALSE(second.take_passed_news());
    give(second, {.id = 1, .answer = true});
    ASSERT_TRUE(second.cut());
    EXPECT_EQ(outcomes(), "answered");
    passed.set_questions("no question");
    second.adopt(passed);
    EXPECT_EQ(
        second.take_passed_news(),
        "some questions of DNS that the worker before this one has passed on could not be read, and are "
        "lost");
    EXPECT_FALSE(second.take_passed_news()) << "it is told once";
}

}  // namespace
}  // namespace packetsentry::worker
