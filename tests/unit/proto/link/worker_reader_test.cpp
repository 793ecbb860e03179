#include "proto/link/worker_reader.h"

#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include "tests/support/test_batch.h"

namespace packetsentry::proto {
namespace {

using namespace std::chrono_literals;

constexpr base::Pace::Time kNow{1h};

std::string ready() {
    wire::FromWorker message;
    message.mutable_ready()->set_filter("udp");
    return message.SerializeAsString();
}

std::string rows(std::uint64_t first_number, std::uint32_t count) {
    return test::test_rows(first_number, count, 5000).SerializeAsString();
}

// Rows behind a hole: recorded and shed are the counts that come with them.
std::string rows_after(std::uint64_t shed, std::uint64_t first_number, std::uint32_t count,
                       std::uint64_t recorded) {
    wire::FromWorker message = test::test_rows(first_number, count);
    wire::Ledger& ledger = *message.mutable_rows()->mutable_ledger();
    ledger = test::test_ledger(recorded);
    ledger.set_shed(shed);
    ledger.set_delivered(recorded + shed);
    ledger.set_received(recorded + shed);
    return message.SerializeAsString();
}

std::string report(const wire::Ledger& ledger) {
    wire::FromWorker message;
    *message.mutable_report()->mutable_ledger() = ledger;
    return message.SerializeAsString();
}

std::string report(std::uint64_t recorded) {
    return report(test::test_ledger(recorded));
}

std::string ended(wire::EndReason reason, std::uint64_t recorded) {
    wire::FromWorker message;
    message.mutable_ended()->set_reason(reason);
    *message.mutable_ended()->mutable_ledger() = test::test_ledger(recorded);
    return message.SerializeAsString();
}

std::string notice(std::size_t size) {
    wire::FromWorker message;
    message.mutable_notice()->set_text(std::string(size, 'n'));
    return message.SerializeAsString();
}

// What the last frame makes of it; those before are to be fine.
std::string verdict(const std::vector<std::string>& frames, bool going = true) {
    WorkerReader reader;
    if (going) reader.expect_rows();
    for (std::size_t i = 0; i + 1 < frames.size(); ++i)
        EXPECT_TRUE(reader.read(frames[i], kNow)) << "frame " << i;
    const auto last = reader.read(frames.back(), kNow);
    return last ? "fine" : last.error().message.substr(std::string("the worker broke its protocol: ").size());
}

TEST(WorkerReader, GivesABatchAsItCame) {
    WorkerReader reader;
    reader.expect_rows();
    ASSERT_TRUE(reader.read(ready(), kNow));
    const auto event = reader.read(rows(1, 3), kNow);
    ASSERT_TRUE(event);
    const auto& come = std::get<NewRows>(*event);
    EXPECT_EQ(come.table, wire::TABLE_PACKETS);
    EXPECT_EQ(come.first_number, 1U);
    EXPECT_EQ(come.rows, 3U);
    EXPECT_EQ(come.first_time_ns, 5000);
    EXPECT_EQ(come.last_time_ns, 5020);
    EXPECT_EQ(reader.view().rows(), 3U);
    EXPECT_EQ(reader.take_batch(), test::test_batch_bytes(1, 3, 5000));
    EXPECT_EQ(reader.ledger().recorded(), 3U) << "rows bring the counts that they lead to";
}

TEST(WorkerReader, TakesAWholeLife) {
    EXPECT_EQ(verdict({ready(), rows(1, 3), report(3), notice(10), rows(4, 2), ended(wire::END_ASKED, 5)}),
              "fine");
    EXPECT_EQ(verdict({ended(wire::END_FAILED, 0)}), "fine");
    EXPECT_EQ(verdict({ready(), rows(1, 3), ended(wire::END_FAILED, 3)}), "fine");
}

// Each table has two, while one of them ends and the other one begins.
TEST(WorkerReader, ReportsTellOfAsManySegmentsAsAWorkerCanHave) {
    for (const bool at_end : {false, true}) {
        wire::FromWorker message;
        auto& segments = *(at_end ? message.mutable_ended()->mutable_segment()
                                  : message.mutable_report()->mutable_segment());
        *(at_end ? message.mutable_ended()->mutable_ledger() : message.mutable_report()->mutable_ledger()) =
            test::test_ledger(0);
        while (static_cast<std::size_t>(segments.size()) < 2 * kTableNames.size()) segments.Add();
        EXPECT_EQ(verdict({ready(), message.SerializeAsString()}), "fine");
        segments.Add();
        EXPECT_EQ(verdict({ready(), message.SerializeAsString()}),
                  "it reported more segments than it can have");
    }
}

TEST(WorkerReader, RowsThatWereShedLeaveAHoleInTheNumbers) {
    EXPECT_EQ(verdict({ready(), rows(1, 4), rows_after(10, 15, 2, 6)}), "fine");
    EXPECT_EQ(verdict({ready(), rows(1, 4), rows_after(12, 15, 2, 6)}), "fine")
        << "more may be shed before it becomes a row";
    EXPECT_EQ(verdict({ready(), rows(1, 4), rows_after(9, 15, 2, 6)}),
              "it sent a batch that begins with row 15, not 5");
    EXPECT_EQ(verdict({ready(), rows_after(10, 11, 4, 4), rows_after(10, 16, 1, 5)}),
              "it sent a batch that begins with row 16, not 15")
        << "what was shed before counts once";
}

TEST(WorkerReader, AnOutputIsAskedForOnceEachTimeThatItMayBe) {
    wire::FromWorker want;
    want.mutable_want_output();
    const std::string asks = want.SerializeAsString();
    EXPECT_EQ(verdict({ready(), asks}), "it asked for an output file");
    WorkerReader early;
    early.expect_want_output();
    ASSERT_TRUE(early.read(ready(), kNow));
    EXPECT_FALSE(early.read(asks, kNow)) << "before it was told to start";
    WorkerReader reader;
    reader.expect_want_output();
    reader.expect_rows();
    ASSERT_TRUE(reader.read(ready(), kNow));
    const auto event = reader.read(asks, kNow);
    ASSERT_TRUE(event);
    EXPECT_TRUE(std::holds_alternative<wire::WantOutput>(*event));
    reader.expect_want_output();
    EXPECT_TRUE(reader.read(asks, kNow));
    EXPECT_FALSE(reader.read(asks, kNow));
}

TEST(WorkerReader, TakesFlowsOnlyWhereTheyArePassedOn) {
    wire::FromWorker passes;
    passes.mutable_passed()->set_flows(std::string(1000, 'x'));
    const std::string flows = passes.SerializeAsString();
    passes.mutable_passed()->set_flows(std::string(WorkerReader::kPassedLimit, 'x'));
    const std::string too_many = passes.SerializeAsString();
    EXPECT_NE(verdict({ready(), flows}), "fine");
    WorkerReader reader;
    reader.expect_rows();
    ASSERT_TRUE(reader.read(ready(), kNow));
    reader.expect_passed();
    for (int i = 0; i < 3; ++i) {
        const auto event = reader.read(flows, kNow);
        ASSERT_TRUE(event);
        EXPECT_EQ(std::get<wire::PassedState>(*event).flows().size(), 1000U);
    }
    EXPECT_FALSE(reader.read(too_many, kNow));
    passes.mutable_passed()->clear_flows();
    passes.mutable_passed()->set_names("x");
    EXPECT_TRUE(reader.read(passes.SerializeAsString(), kNow));
    passes.mutable_passed()->clear_names();
    WorkerReader empty;
    ASSERT_TRUE(empty.read(ready(), kNow));
    empty.expect_passed();
    EXPECT_FALSE(empty.read(passes.SerializeAsString(), kNow)) << "it passes nothing";
    passes.mutable_passed()->set_flows("x");
    const std::string few = passes.SerializeAsString();
    WorkerReader patient;
    ASSERT_TRUE(patient.read(ready(), kNow));
    patient.expect_passed();
    std::uint64_t taken = 0;
    while (patient.read(few, kNow)) ++taken;
    EXPECT_EQ(taken, WorkerReader::kAllPassedLimit / WorkerReader::kLeastPassed);
}

TEST(WorkerReader, RefusesWhatIsOutOfOrder) {
    EXPECT_EQ(verdict({rows(1, 1)}), "its first message was not 'ready'");
    EXPECT_EQ(verdict({report(0)}), "its first message was not 'ready'");
    EXPECT_EQ(verdict({notice(1)}), "its first message was not 'ready'");
    EXPECT_EQ(verdict({ready(), ready()}), "it sent 'ready' twice");
    EXPECT_EQ(verdict({ready(), rows(1, 1)}, false), "it sent rows before it was told to start");
    EXPECT_EQ(verdict({ready(), ended(wire::END_ASKED, 0), report(0)}), "it sent a message after its end");
    EXPECT_EQ(verdict({ready(), ended(wire::END_ASKED, 0), ended(wire::END_ASKED, 0)}),
              "it sent a message after its end");
}

TEST(WorkerReader, RefusesForgedRowsAndCounts) {
    EXPECT_EQ(verdict({ready(), rows(2, 1)}), "it sent a batch that begins with row 2, not 1");
    EXPECT_EQ(verdict({ready(), rows(1, 4), rows(4, 4)}), "it sent a batch that begins with row 4, not 5");
    EXPECT_EQ(verdict({ready(), rows(1, 4), rows(6, 4)}), "it sent a batch that begins with row 6, not 5");
    EXPECT_EQ(verdict({ready(), rows(0, 4)}), "bad batch: row number");
    EXPECT_EQ(verdict({ready(), rows(~0ULL - 1, 4)}), "bad batch: row number");
    EXPECT_NE(verdict({ready(), rows(1, 0)}), "fine");
    EXPECT_EQ(verdict({ready(), rows(1, 5), report(4)}), "it sent a count that became smaller");
    EXPECT_EQ(verdict({ready(), rows(1, 4), report(5)}), "it recorded 5 packets and sent 4");
    EXPECT_EQ(verdict({ready(), rows_after(0, 1, 4, 3)}), "it recorded 3 packets and sent 4");
    EXPECT_EQ(verdict({ready(), rows(1, 4), ended(wire::END_ASKED, 5)}), "it recorded 5 packets and sent 4");
    EXPECT_EQ(verdict({ready(), rows(1, 4), ended(wire::END_FAILED, 5)}), "it recorded 5 packets and sent 4");
}

TEST(WorkerReader, RefusesATableThatThereIsNot) {
    for (const int table : {0, wire::Table_ARRAYSIZE, 1000}) {
        wire::Batch batch = test::test_batch(1, 3);
        batch.set_table(static_cast<wire::Table>(table));
        wire::FromWorker message = test::test_rows(1, 3);
        message.mutable_rows()->set_batch(batch.SerializeAsString());
        EXPECT_EQ(verdict({ready(), message.SerializeAsString()}), "bad batch: table");
    }
}

TEST(WorkerReader, RefusesRowsThatLeaveOthersOut) {
    wire::Batch batch = test::test_batch(1, 3);
    for (int row = 0; row < 3; ++row) batch.add_left_out(0);
    wire::FromWorker message = test::test_rows(1, 3);
    message.mutable_rows()->set_batch(batch.SerializeAsString());
    EXPECT_EQ(verdict({ready(), message.SerializeAsString()}), "it sent a batch whose numbers have holes");
}

TEST(WorkerReader, RefusesCountsThatDoNotBalance) {
    wire::Ledger forged = test::test_ledger(5);
    forged.set_shed(1);
    EXPECT_EQ(verdict({ready(), rows(1, 5), report(forged)}), "it sent counts that do not balance");
    forged.set_delivered(6);
    forged.set_received(6);
    EXPECT_EQ(verdict({ready(), rows(1, 5), report(forged)}), "fine");
    forged.set_malformed(6);
    EXPECT_EQ(verdict({ready(), rows(1, 5), report(forged)}), "it sent counts that do not balance");
}

TEST(WorkerReader, RefusesCountsBeyondAllCaptures) {
    wire::Ledger forged = test::test_ledger(5);
    forged.set_saved_bytes(1ULL << 56);
    EXPECT_EQ(verdict({ready(), rows(1, 5), report(forged)}), "fine");
    forged.set_saved_bytes((1ULL << 56) + 1);
    EXPECT_EQ(verdict({ready(), rows(1, 5), report(forged)}), "it sent a count that is impossibly high");
}

TEST(WorkerReader, KeepsNothingThatTheProtocolDoesNotKnow) {
    wire::FromWorker message;
    wire::Notice& notice = *message.mutable_notice();
    notice.set_text("a word");
    notice.GetReflection()->MutableUnknownFields(&notice)->AddLengthDelimited(99,
                                                                              std::string(1'000'000, 'u'));
    WorkerReader reader;
    ASSERT_TRUE(reader.read(ready(), kNow));
    const auto event = reader.read(message.SerializeAsString(), kNow);
    ASSERT_TRUE(event);
    EXPECT_EQ(std::get<wire::Notice>(*event).ByteSizeLong(), 8U);
}

TEST(WorkerReader, WhatABadBatchIsCalledIsShort) {
    wire::Batch batch;
    ASSERT_TRUE(batch.ParseFromString(test::test_batch_bytes(1, 3, 5000)));
    wire::Column& column = *batch.add_column();
    column.set_name(std::string(1'000'000, 'n'));
    column.add_row(0);
    wire::FromWorker message;
    message.mutable_rows()->set_batch(batch.SerializeAsString());
    EXPECT_EQ(verdict({ready(), message.SerializeAsString()}),
              "bad batch: values of column '" + std::string(64, 'n') + "'");
}

TEST(WorkerReader, TakesTheLongestFilterThatMayBeOrdered) {
    wire::FromWorker message;
    const std::string longest(proto::kFilterTextLimit, 'f');
    message.mutable_ready()->set_filter(proto::whole_filter_text(longest, longest));
    EXPECT_EQ(verdict({message.SerializeAsString()}), "fine");
    message.mutable_ready()->set_filter(std::string(WorkerReader::kFilterLimit + 1, 'f'));
    EXPECT_EQ(verdict({message.SerializeAsString()}), "it sent a ready message that is too long");
}

TEST(WorkerReader, RefusesWhatIsNoMessage) {
    EXPECT_EQ(verdict({""}), "its first message was not 'ready'");
    EXPECT_EQ(verdict({ready(), ""}), "it sent an empty message");
    EXPECT_EQ(verdict({"\xff\xff"}), "it sent a message that cannot be read");
    EXPECT_EQ(verdict({ready(), std::string("\x12\x05\x12\x03\xff\xff\xff", 7)}),
              "it sent a batch that cannot be read");
    EXPECT_EQ(verdict({ready(), notice(WorkerReader::kTextLimit)}), "fine");
    EXPECT_EQ(verdict({ready(), notice(WorkerReader::kTextLimit + 1)}), "it sent a notice that is too long");
}

// How many of them are taken before it is a breach.
std::uint32_t taken(WorkerReader& reader, const std::string& frame, base::Pace::Time now,
                    const std::string& why) {
    for (std::uint32_t count = 0;; ++count) {
        const auto event = reader.read(frame, now);
        if (event) continue;
        EXPECT_EQ(event.error().message, "the worker broke its protocol: " + why);
        return count;
    }
}

std::string flow_rows(std::uint64_t first_number, std::uint32_t count, std::uint64_t flows,
                      std::uint64_t shed = 0) {
    wire::Batch batch = test::test_batch(first_number, count);
    batch.set_table(wire::TABLE_FLOWS);
    batch.clear_wire_bytes();
    wire::FromWorker message;
    message.mutable_rows()->set_batch(batch.SerializeAsString());
    message.mutable_rows()->mutable_ledger()->mutable_flows()->set_rows(flows);
    message.mutable_rows()->mutable_ledger()->mutable_flows()->set_shed(shed);
    return message.SerializeAsString();
}

std::string verdict_on_tables(std::initializer_list<wire::Table> tables,
                              const std::vector<std::string>& frames) {
    WorkerReader reader;
    wire::CaptureSpec capture;
    for (const wire::Table table : tables) capture.add_table(table);
    reader.expect_tables(capture);
    reader.expect_rows();
    EXPECT_TRUE(reader.read(ready(), kNow));
    for (std::size_t i = 0; i + 1 < frames.size(); ++i)
        EXPECT_TRUE(reader.read(frames[i], kNow)) << "frame " << i;
    const auto last = reader.read(frames.back(), kNow);
    return last ? "fine" : last.error().message.substr(std::string("the worker broke its protocol: ").size());
}

TEST(WorkerReader, CountsEachTableByItself) {
    const auto both = {wire::TABLE_PACKETS, wire::TABLE_FLOWS};
    EXPECT_EQ(verdict_on_tables(both, {flow_rows(1, 3, 3)}), "fine");
    EXPECT_EQ(verdict_on_tables(both, {flow_rows(1, 3, 3), flow_rows(4, 2, 5)}), "fine");
    EXPECT_EQ(verdict_on_tables(both, {flow_rows(1, 3, 4)}), "it counted 4 flows and sent 3");
    EXPECT_EQ(verdict_on_tables(both, {flow_rows(2, 3, 3)}), "it sent a batch that begins with row 2, not 1");
    EXPECT_EQ(verdict_on_tables(both, {flow_rows(6, 3, 3, 5)}), "fine") << "five were shed";
    EXPECT_EQ(verdict_on_tables({}, {flow_rows(1, 3, 3)}),
              "it sent rows of a table that nobody has asked for");
    EXPECT_EQ(verdict_on_tables({wire::TABLE_FLOWS}, {rows(1, 3)}),
              "it sent rows of a table that nobody has asked for");
    // Packets are counted, although nobody wants their rows.
    EXPECT_EQ(verdict_on_tables({wire::TABLE_FLOWS}, {report(7)}), "fine");
    EXPECT_EQ(verdict_on_tables(both, {report(7)}), "it recorded 7 packets and sent 0");
}

TEST(WorkerReader, RefusesFloods) {
    WorkerReader reader;
    ASSERT_TRUE(reader.read(ready(), kNow));
    EXPECT_EQ(taken(reader, notice(1), kNow, "it sent a flood of notices"), 2 * WorkerReader::kNotices);
    EXPECT_EQ(taken(reader, report(0), kNow, "it sent a flood of reports"), 2 * WorkerReader::kReports);
}

TEST(WorkerReader, TakesWhatHonestWorkersSayForLong) {
    WorkerReader reader;
    ASSERT_TRUE(reader.read(ready(), kNow));
    for (auto now = kNow; now < kNow + 10s; now += 1ms) {
        ASSERT_TRUE(reader.read(notice(1), now));
        for (int i = 0; i < 10; ++i) ASSERT_TRUE(reader.read(report(0), now));
    }
}

// Whatever the bytes, a reader answers; cut and flipped messages never give rows that were not sent.
TEST(WorkerReader, SurvivesEveryTruncationAndFlip) {
    const std::string whole = rows(1, 3);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        WorkerReader reader;
        reader.expect_rows();
        ASSERT_TRUE(reader.read(ready(), kNow));
        (void)reader.read(whole.substr(0, size), kNow);
        std::string flipped = whole;
        flipped[size] = static_cast<char>(flipped[size] ^ 0x55);
        const auto event = reader.read(flipped, kNow);
        if (!event || !std::holds_alternative<NewRows>(*event)) continue;
        EXPECT_EQ(std::get<NewRows>(*event).rows, 3U);
    }
}

}  // namespace
}  // namespace packetsentry::proto
