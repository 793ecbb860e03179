#include "daemon/jobs/link_reader.h"

#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/jobs/test_batch.h"

namespace packetsentry::jobs {
namespace {

using namespace std::chrono_literals;

constexpr base::Pace::Time kNow{1h};

std::string ready() {
    wire::FromWorker message;
    message.mutable_ready()->set_filter("udp");
    return message.SerializeAsString();
}

std::string rows(std::uint64_t first_row, std::uint32_t count) {
    wire::FromWorker message;
    message.set_batch(test_batch_bytes(first_row, count, 5000));
    return message.SerializeAsString();
}

wire::Ledger ledger(std::uint64_t recorded) {
    wire::Ledger ledger;
    ledger.set_recorded(recorded);
    ledger.set_delivered(recorded);
    return ledger;
}

std::string report(const wire::Ledger& ledger) {
    wire::FromWorker message;
    *message.mutable_report()->mutable_ledger() = ledger;
    return message.SerializeAsString();
}

std::string report(std::uint64_t recorded) {
    return report(ledger(recorded));
}

std::string ended(wire::EndReason reason, std::uint64_t recorded) {
    wire::FromWorker message;
    message.mutable_ended()->set_reason(reason);
    *message.mutable_ended()->mutable_ledger() = ledger(recorded);
    return message.SerializeAsString();
}

std::string notice(std::size_t size) {
    wire::FromWorker message;
    message.mutable_notice()->set_text(std::string(size, 'n'));
    return message.SerializeAsString();
}

// What the last frame makes of it; those before are to be fine.
std::string verdict(const std::vector<std::string>& frames, bool going = true) {
    LinkReader reader;
    if (going) reader.expect_rows();
    for (std::size_t i = 0; i + 1 < frames.size(); ++i)
        EXPECT_TRUE(reader.read(frames[i], kNow)) << "frame " << i;
    const auto last = reader.read(frames.back(), kNow);
    return last ? "fine" : last.error().message.substr(std::string("the worker broke its protocol: ").size());
}

TEST(LinkReader, GivesABatchAsItCame) {
    LinkReader reader;
    reader.expect_rows();
    ASSERT_TRUE(reader.read(ready(), kNow));
    const auto event = reader.read(rows(0, 3), kNow);
    ASSERT_TRUE(event);
    const auto& batch = std::get<Batch>(*event);
    EXPECT_EQ(batch.bytes, test_batch_bytes(0, 3, 5000));
    EXPECT_EQ(batch.rows, 3U);
    EXPECT_EQ(batch.first_time_ns, 5000);
    EXPECT_EQ(batch.last_time_ns, 5020);
}

TEST(LinkReader, TakesAWholeLife) {
    EXPECT_EQ(verdict({ready(), rows(0, 3), report(3), notice(10), rows(3, 2), ended(wire::END_ASKED, 5)}),
              "fine");
    EXPECT_EQ(verdict({ended(wire::END_FAILED, 0)}), "fine");
    EXPECT_EQ(verdict({ready(), rows(0, 3), ended(wire::END_FAILED, 2)}), "fine");
}

TEST(LinkReader, RefusesWhatIsOutOfOrder) {
    EXPECT_EQ(verdict({rows(0, 1)}), "its first message was not 'ready'");
    EXPECT_EQ(verdict({report(0)}), "its first message was not 'ready'");
    EXPECT_EQ(verdict({notice(1)}), "its first message was not 'ready'");
    EXPECT_EQ(verdict({ready(), ready()}), "it sent 'ready' twice");
    EXPECT_EQ(verdict({ready(), rows(0, 1)}, false), "rows before it was told to start");
    EXPECT_EQ(verdict({ready(), ended(wire::END_ASKED, 0), report(0)}), "a message after its end");
    EXPECT_EQ(verdict({ready(), ended(wire::END_ASKED, 0), ended(wire::END_ASKED, 0)}),
              "a message after its end");
}

TEST(LinkReader, RefusesForgedRowsAndCounts) {
    EXPECT_EQ(verdict({ready(), rows(1, 1)}), "a batch that begins with row 1 after 0");
    EXPECT_EQ(verdict({ready(), rows(0, 4), rows(3, 4)}), "a batch that begins with row 3 after 4");
    EXPECT_EQ(verdict({ready(), rows(0, 4), rows(5, 4)}), "a batch that begins with row 5 after 4");
    EXPECT_NE(verdict({ready(), rows(0, 0)}), "fine");
    EXPECT_EQ(verdict({ready(), rows(0, 5), report(5), report(4)}), "a count that became smaller");
    EXPECT_EQ(verdict({ready(), rows(0, 4), report(5)}), "it recorded 5 packets and sent 4");
    EXPECT_EQ(verdict({ready(), rows(0, 4), ended(wire::END_ASKED, 5)}), "it recorded 5 packets and sent 4");
    EXPECT_EQ(verdict({ready(), rows(0, 4), ended(wire::END_CONDITION, 3)}),
              "it recorded 3 packets and sent 4");
}

TEST(LinkReader, RefusesCountsThatDoNotBalance) {
    wire::Ledger forged = ledger(5);
    forged.set_shed(1);
    EXPECT_EQ(verdict({ready(), rows(0, 5), report(forged)}), "counts that do not balance");
    forged.set_delivered(6);
    EXPECT_EQ(verdict({ready(), rows(0, 5), report(forged)}), "fine");
    forged.set_malformed(6);
    EXPECT_EQ(verdict({ready(), rows(0, 5), report(forged)}), "counts that do not balance");
}

TEST(LinkReader, RefusesCountsBeyondAllCaptures) {
    wire::Ledger forged = ledger(5);
    forged.set_saved_bytes(1ULL << 56);
    EXPECT_EQ(verdict({ready(), rows(0, 5), report(forged)}), "fine");
    forged.set_saved_bytes((1ULL << 56) + 1);
    EXPECT_EQ(verdict({ready(), rows(0, 5), report(forged)}), "a count that is impossibly high");
}

TEST(LinkReader, KeepsNothingThatTheProtocolDoesNotKnow) {
    wire::FromWorker message;
    wire::Notice& notice = *message.mutable_notice();
    notice.set_text("a word");
    notice.GetReflection()->MutableUnknownFields(&notice)->AddLengthDelimited(99,
                                                                              std::string(1'000'000, 'u'));
    LinkReader reader;
    ASSERT_TRUE(reader.read(ready(), kNow));
    const auto event = reader.read(message.SerializeAsString(), kNow);
    ASSERT_TRUE(event);
    EXPECT_EQ(std::get<wire::Notice>(*event).ByteSizeLong(), 8U);
}

TEST(LinkReader, WhatABadBatchIsCalledIsShort) {
    wire::Batch batch;
    ASSERT_TRUE(batch.ParseFromString(test_batch_bytes(0, 3, 5000)));
    wire::Column& column = *batch.add_column();
    column.set_name(std::string(1'000'000, 'n'));
    column.add_row(0);
    wire::FromWorker message;
    message.set_batch(batch.SerializeAsString());
    EXPECT_EQ(verdict({ready(), message.SerializeAsString()}),
              "bad batch: values of column '" + std::string(64, 'n') + "'");
}

TEST(LinkReader, TakesTheLongestFilterThatMayBeOrdered) {
    wire::FromWorker message;
    const std::string longest(proto::kFilterTextLimit, 'f');
    message.mutable_ready()->set_filter(proto::whole_filter_text(longest, longest));
    EXPECT_EQ(verdict({message.SerializeAsString()}), "fine");
    message.mutable_ready()->set_filter(std::string(LinkReader::kFilterLimit + 1, 'f'));
    EXPECT_EQ(verdict({message.SerializeAsString()}), "a ready message that is too long");
}

TEST(LinkReader, RefusesWhatIsNoMessage) {
    EXPECT_EQ(verdict({""}), "its first message was not 'ready'");
    EXPECT_EQ(verdict({ready(), ""}), "an empty message");
    EXPECT_EQ(verdict({"\xff\xff"}), "a message that cannot be read");
    EXPECT_EQ(verdict({ready(), std::string("\x12\x03\xff\xff\xff", 5)}), "a batch that cannot be read");
    EXPECT_EQ(verdict({ready(), notice(LinkReader::kTextLimit)}), "fine");
    EXPECT_EQ(verdict({ready(), notice(LinkReader::kTextLimit + 1)}), "a notice that is too long");
}

// How many of them are taken before it is a breach.
std::uint32_t taken(LinkReader& reader, const std::string& frame, base::Pace::Time now,
                    const std::string& why) {
    for (std::uint32_t count = 0;; ++count) {
        const auto event = reader.read(frame, now);
        if (event) continue;
        EXPECT_EQ(event.error().message, "the worker broke its protocol: " + why);
        return count;
    }
}

TEST(LinkReader, RefusesFloods) {
    LinkReader reader;
    ASSERT_TRUE(reader.read(ready(), kNow));
    EXPECT_EQ(taken(reader, notice(1), kNow, "a flood of notices"), 2 * LinkReader::kNotices);
    EXPECT_EQ(taken(reader, report(0), kNow, "a flood of reports"), 2 * LinkReader::kReports);
}

TEST(LinkReader, TakesWhatHonestWorkersSayForLong) {
    LinkReader reader;
    ASSERT_TRUE(reader.read(ready(), kNow));
    for (auto now = kNow; now < kNow + 10s; now += 1ms) {
        ASSERT_TRUE(reader.read(notice(1), now));
        for (int i = 0; i < 10; ++i) ASSERT_TRUE(reader.read(report(0), now));
    }
}

// Whatever the bytes, a reader answers; cut and flipped messages never give rows that were not sent.
TEST(LinkReader, SurvivesEveryTruncationAndFlip) {
    const std::string whole = rows(0, 3);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        LinkReader reader;
        reader.expect_rows();
        ASSERT_TRUE(reader.read(ready(), kNow));
        (void)reader.read(whole.substr(0, size), kNow);
        std::string flipped = whole;
        flipped[size] = static_cast<char>(flipped[size] ^ 0x55);
        const auto event = reader.read(flipped, kNow);
        if (!event || !std::holds_alternative<Batch>(*event)) continue;
        EXPECT_EQ(std::get<Batch>(*event).rows, 3U);
    }
}

}  // namespace
}  // namespace packetsentry::jobs
