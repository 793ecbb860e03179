#include "daemon/worker/keeping.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>

#include "daemon/flows/server_names.h"
#include "daemon/flows/state_bytes.h"
#include "daemon/record/flow_batch_builder.h"
#include "daemon/record/transaction_batch_builder.h"
#include "daemon/spool/format/rows_reader.h"
#include "daemon/spool/format/segment_room.h"
#include "proto/link/worker_reader.h"
#include "tests/support/growing_file.h"
#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::worker {
namespace {

using namespace std::chrono_literals;
using test::GrowingFile;

constexpr std::uint32_t kRun = 3;
constexpr std::size_t kFrame = 600;

struct KeepingTest : testing::Test {
    struct Segment {
        GrowingFile rows;
        GrowingFile packets;
    };

    void start(const wire::Begin& begin = {}, std::size_t backlog = spool::SegmentThread::kBacklog) {
        keeping.take_rows_of(batch);
        keeping.start({.packets = std::make_unique<spool::SegmentThread>(backlog), .derived = {}}, begin);
        keeping.begin(kRun, now);
    }
    // Both tables, or conversations alone.
    void start_flows(bool with_packets) {
        wire::Begin begin;
        if (with_packets) begin.mutable_keep()->mutable_rows();
        begin.mutable_keep()->mutable_flows();
        keeping.take_rows_of(batch);
        keeping.start(SegmentThreads::start(begin.keep()), begin);
        keeping.take_rows_of(wire::TABLE_FLOWS, flow_block);
        keeping.begin(kRun, now);
    }
    static wire::NextSegment segment_message(std::uint64_t counter, wire::Table table = wire::TABLE_PACKETS) {
        wire::NextSegment next;
        next.set_header(spool::encode({.kind = spool::FileKind::rows,
                                       .table = static_cast<std::uint32_t>(table),
                                       .job = 12,
                                       .counter = counter,
                                       .created_ns = 1}));
        return next;
    }
    base::Result<void> send(std::uint64_t counter) {
        Segment& segment = segments.emplace_back();
        std::vector<base::UniqueFd> files;
        files.push_back(segment.rows.end());
        files.push_back(segment.packets.end());
        return keeping.take(segment_message(counter), std::move(files));
    }
    base::Result<void> send_for_flows(std::uint64_t counter) {
        std::vector<base::UniqueFd> files;
        files.push_back(segments.emplace_back().rows.end());
        return keeping.take(segment_message(counter, wire::TABLE_FLOWS), std::move(files));
    }
    void keep_flow() {
        const auto packet = flows::packet(flows::tuple(IPPROTO_UDP, flows::kClient, flows::kServer), 10,
                                          static_cast<std::int64_t>(++flow_number));
        flows::Flow flow(packet, false);
        (void)flow.take(packet);
        keeping.keep_row(wire::TABLE_FLOWS, flow_number,
                         [&] { flow_block.append(flow, flows::FlowReason::idle, "eth0", 1, 0); });
    }
    std::uint64_t flows_not_kept() {
        wire::Ledger ledger;
        keeping.count(ledger);
        return ledger.flows().not_kept();
    }
    void keep(int rows) {
        for (int i = 0; i < rows; ++i) {
            capture::Packet packet;
            packet.time_ns = static_cast<std::int64_t>(1'000 + number);
            packet.link_type = 1;
            packet.frame = frame;
            packet.wire_bytes = kFrame;
            keeping.keep(++number, packet, interfaces);
            batch.append(packet, {}, interfaces, "eth0");
            if (batch.full()) end_batch();
        }
    }
    // As the worker does it before it sends or sheds the batch.
    void end_batch() {
        keeping.take_rows();
        batch.discard();
    }
    // What the worker says when the disk has everything.
    std::vector<wire::SegmentReport> reports() {
        keeping.go_on(5s);
        google::protobuf::RepeatedPtrField<wire::SegmentReport> reports;
        keeping.report(reports);
        return {reports.begin(), reports.end()};
    }
    std::uint64_t not_kept() {
        wire::Ledger ledger;
        keeping.count(ledger);
        return ledger.not_kept();
    }
    // The numbers of the rows that are in the file.
    static std::vector<std::uint64_t> numbers(const GrowingFile& rows) {
        const std::string content = rows.content();
        auto reader = spool::RowsReader::open(spool::as_bytes(content));
        EXPECT_TRUE(reader);
        std::vector<std::uint64_t> numbers;
        while (const auto next = reader->next()) {
            EXPECT_TRUE(*next);
            if (!*next) continue;
            EXPECT_EQ((*next)->facts.run, kRun);
            for (std::uint64_t i = 0; i < (*next)->facts.rows; ++i)
                numbers.push_back((*next)->facts.first_number + i);
        }
        return numbers;
    }
    static std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
        std::vector<std::uint64_t> numbers;
        for (; first <= last; ++first) numbers.push_back(first);
        return numbers;
    }

    std::array<std::byte, kFrame> frame{};
    std::vector<capture::SourceInterface> interfaces{{"eth0", 1, 262144, 2}};
    std::deque<Segment> segments;
    Keeping::Clock::time_point now{std::chrono::hours(1)};
    std::uint64_t number = 0;
    std::uint64_t flow_number = 0;
    record::BatchBuilder batch;
    record::FlowBatchBuilder flow_block{true};
    Keeping keeping;
};

TEST_F(KeepingTest, NothingIsKeptByAWorkerThatWasNotToldTo) {
    keep(3);
    keeping.look(now);
    keeping.end();
    EXPECT_TRUE(keeping.settled());
    EXPECT_TRUE(reports().empty());
    EXPECT_EQ(not_kept(), 0U);
    EXPECT_FALSE(send(1)) << "it did not ask for a segment";
}

TEST_F(KeepingTest, RowsAndPacketsStandInTheSegmentThatWasSent) {
    start();
    ASSERT_TRUE(send(41));
    keep(5);
    keeping.end();
    const auto told = reports();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].counter(), 41U);
    EXPECT_TRUE(told[0].ended());
    EXPECT_EQ(told[0].rows(), 5U);
    EXPECT_EQ(told[0].first_number(), 1U);
    EXPECT_EQ(told[0].last_number(), 5U);
    EXPECT_EQ(told[0].first_time_ns(), 1'000);
    EXPECT_EQ(told[0].last_time_ns(), 1'004);
    EXPECT_EQ(told[0].rows_bytes(), segments[0].rows.content().size());
    EXPECT_EQ(told[0].packets_bytes(), segments[0].packets.content().size());
    EXPECT_GT(told[0].packets_bytes(), 5 * kFrame);
    EXPECT_EQ(numbers(segments[0].rows), from_to(1, 5));
    EXPECT_EQ(not_kept(), 0U);
}

// Blocks are cut for the disk, and ask for the names when they are.
TEST_F(KeepingTest, RowsHaveTheNamesOfTheirAddresses) {
    flows::ServerNames names(1'000'000, 7);
    keeping.take_names_from(names);
    start();
    ASSERT_TRUE(send(1));
    const auto dissection = std::make_unique<dissect::Dissection>();
    dissection->network = dissect::Network::ipv4;
    dissection->source = flows::kClient.address;
    dissection->destination = flows::kServer.address;
    capture::Packet packet;
    packet.link_type = 1;
    packet.frame = frame;
    packet.wire_bytes = kFrame;
    keeping.keep(++number, packet, interfaces);
    batch.append(packet, *dissection, interfaces, "eth0");
    end_batch();
    std::string passed;
    flows::StateWriter bytes(passed);
    bytes.address(flows::kServer.address);
    bytes.word(flows::NameSource::http, flows::NameSource::dns);
    bytes.text("shop.example");
    ASSERT_TRUE(names.adopt(passed));
    keeping.end_block();
    ASSERT_TRUE(names.give_away(passed, 1000)) << "to another worker, after the block has ended";
    keeping.end();
    (void)reports();
    const std::string content = segments[0].rows.content();
    auto reader = spool::RowsReader::open(spool::as_bytes(content));
    ASSERT_TRUE(reader);
    const auto next = reader->next();
    ASSERT_TRUE(next && *next);
    const auto view = proto::BatchView::in_place(spool::as_text((*next)->payload));
    ASSERT_TRUE(view);
    EXPECT_EQ(view->name_of(view->destination(0)),
              (proto::AddressName{"shop.example", wire::NAME_SOURCE_HTTP}));
    EXPECT_EQ(view->name_of(view->source(0)), proto::AddressName{});
}

TEST_F(KeepingTest, ConversationsHaveSegmentsOfTheirOwn) {
    start_flows(true);
    ASSERT_TRUE(send(1));
    ASSERT_TRUE(send_for_flows(2));
    EXPECT_FALSE(send_for_flows(3)) << "one that is ready is enough";
    segments.pop_back();
    keep(5);
    for (int i = 0; i < 3; ++i) keep_flow();
    keeping.end();
    const auto told = reports();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].counter(), 1U);
    EXPECT_EQ(told[0].rows(), 5U);
    EXPECT_EQ(told[1].counter(), 2U);
    EXPECT_EQ(told[1].rows(), 3U);
    EXPECT_EQ(told[1].packets_bytes(), 0U);
    EXPECT_EQ(told[1].first_time_ns(), 1);
    EXPECT_EQ(told[1].last_time_ns(), 3);
    EXPECT_EQ(numbers(segments[1].rows), from_to(1, 3));
    EXPECT_EQ(not_kept(), 0U);
    EXPECT_EQ(flows_not_kept(), 0U);
}

// All end at one time, as they do after an hour.
TEST_F(KeepingTest, AReportHasRoomForTwoSegmentsOfEachTable) {
    wire::Begin begin;
    begin.mutable_keep()->mutable_rows();
    std::deque<record::TransactionBatchBuilder> blocks;
    for (const proto::DerivedKeep& derived : proto::kDerivedKeeps) {
        (begin.mutable_keep()->*derived.mutable_retention)();
        blocks.emplace_back(derived.table);
    }
    keeping.take_rows_of(batch);
    keeping.start(SegmentThreads::start(begin.keep()), begin);
    for (std::size_t i = 0; i < blocks.size(); ++i)
        keeping.take_rows_of(proto::kDerivedKeeps.at(i).table, blocks[i]);
    keeping.begin(kRun, now);
    std::uint64_t counter = 0;
    for (std::uint64_t row = 1; row <= 2; ++row) {
        ASSERT_TRUE(send(++counter));
        keep(1);
        end_batch();
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const wire::Table table = proto::kDerivedKeeps.at(i).table;
            std::vector<base::UniqueFd> files;
            files.push_back(segments.emplace_back().rows.end());
            ASSERT_TRUE(keeping.take(segment_message(++counter, table), std::move(files)));
            static const dissect::Protocol kSample{"DNS", "dns", false, {}};
            keeping.keep_row(table, row, [&] { blocks[i].append({.protocol = &kSample}, "eth0", 1); });
        }
        now += 1h;
        keeping.look(now);
    }
    const auto told = reports();
    EXPECT_EQ(told.size(), 2 * proto::kTableNames.size());
    EXPECT_LE(told.size(), static_cast<std::size_t>(proto::WorkerReader::kSegmentLimit));
    EXPECT_EQ(not_kept(), 0U);
}

TEST_F(KeepingTest, ConversationsAreKeptWithoutPackets) {
    start_flows(false);
    EXPECT_TRUE(keeping.active());
    EXPECT_FALSE(keeping.keeps_packets());
    EXPECT_FALSE(send(1)) << "it keeps no packets";
    segments.clear();
    ASSERT_TRUE(send_for_flows(2));
    keep(2);
    keep_flow();
    keeping.end();
    EXPECT_EQ(reports().at(0).rows(), 1U);
    EXPECT_EQ(not_kept(), 0U) << "nobody wants them to be kept";
}

// A conversation without a segment leaves a hole in the numbers, and the next block begins behind it.
TEST_F(KeepingTest, ConversationsWithoutASegmentAreCountedAndToldOf) {
    start_flows(true);
    ASSERT_TRUE(send(1));
    keep_flow();
    keep_flow();
    EXPECT_EQ(flows_not_kept(), 2U);
    EXPECT_EQ(not_kept(), 0U);
    EXPECT_EQ(
        keeping.take_news(now),
        "rows of flows are not kept in the spool until it accepts more: there is no new file in it yet");
    ASSERT_TRUE(send_for_flows(2));
    keep_flow();
    ++flow_number;
    keep_flow();
    keeping.end();
    (void)reports();
    EXPECT_EQ(numbers(segments[1].rows), (std::vector<std::uint64_t>{3, 5}));
    EXPECT_EQ(keeping.take_news(now + 10s),
              "rows of flows are kept in the spool again; 2 rows of flows are not in it");
}

TEST_F(KeepingTest, ABlockOfConversationsIsWrittenWhenItIsOldEnough) {
    start_flows(false);
    ASSERT_TRUE(send_for_flows(1));
    keep_flow();
    keeping.look(now += 9s);
    EXPECT_EQ(reports().at(0).rows(), 0U);
    keeping.look(now += 1s);
    EXPECT_EQ(reports().at(0).rows(), 1U);
}

TEST_F(KeepingTest, ABlockIsWrittenWhenItIsOldEnough) {
    start();
    ASSERT_TRUE(send(1));
    keep(2);
    keeping.look(now += 9s);
    EXPECT_EQ(reports().at(0).rows(), 0U);
    keeping.look(now += 1s);
    EXPECT_EQ(reports().at(0).rows(), 2U);
}

// A power cut costs what came in the interval, and not what waits in the block as well.
TEST_F(KeepingTest, ASyncTakesWhatWaitsInTheBlock) {
    wire::Begin begin;
    begin.set_sync_interval_ns(2'000'000'000);
    start(begin);
    ASSERT_TRUE(send(1));
    keep(2);
    keeping.look(now += 1s);
    EXPECT_EQ(reports().at(0).rows(), 0U);
    keeping.look(now += 500ms);
    EXPECT_EQ(reports().at(0).rows(), 2U) << "half a second early, as nobody may look before it is late";
}

TEST_F(KeepingTest, AFullSegmentIsFollowedByTheNextOneWithoutAHole) {
    wire::Begin begin;
    begin.mutable_keep()->set_segment_bytes(10 * kFrame);
    start(begin);
    ASSERT_TRUE(send(1));
    keep(1);
    ASSERT_TRUE(send(2));
    EXPECT_FALSE(send(3)) << "one that is ready is enough";
    segments.pop_back();
    keep(29);
    ASSERT_EQ(not_kept(), 0U);
    const auto told = reports();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_TRUE(told[0].ended());
    ASSERT_TRUE(send(3));
    keep(10);
    keeping.end();
    auto all = numbers(segments[0].rows);
    const std::uint64_t in_first = all.size();
    EXPECT_LE(in_first, 11U);
    (void)reports();
    for (const Segment& segment : {std::ref(segments[1]), std::ref(segments[2])})
        for (const std::uint64_t one : numbers(segment.rows)) all.push_back(one);
    EXPECT_EQ(all, from_to(1, 40));
    EXPECT_EQ(not_kept(), 0U);
}

TEST_F(KeepingTest, SaysWhenTheNextSegmentIsNeededSoon) {
    wire::Begin begin;
    begin.mutable_keep()->set_segment_bytes(100 * kFrame);
    start(begin);
    EXPECT_FALSE(keeping.runs_short()) << "the first one comes before everything else";
    ASSERT_TRUE(send(1));
    keep(30);
    EXPECT_FALSE(keeping.runs_short());
    keep(45);
    EXPECT_TRUE(keeping.runs_short());
    const auto told = reports();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_GE(told[0].rows_bytes() + told[0].packets_bytes(), 50 * kFrame);
    EXPECT_FALSE(keeping.runs_short()) << "it has just been reported";
    keep(15);
    EXPECT_TRUE(keeping.runs_short());
    ASSERT_TRUE(send(2));
    EXPECT_FALSE(keeping.runs_short());
}

TEST_F(KeepingTest, AnOldSegmentEndsEvenIfNoPacketComes) {
    start();
    ASSERT_TRUE(send(1));
    keep(2);
    ASSERT_TRUE(send(2));
    keeping.look(now += std::chrono::minutes(61));
    EXPECT_TRUE(reports().at(0).ended());
    keep(1);
    keeping.end();
    (void)reports();
    EXPECT_EQ(numbers(segments[1].rows), from_to(3, 3));
}

TEST_F(KeepingTest, WithoutASegmentRowsAreCountedAndToldOf) {
    start();
    keep(3);
    EXPECT_EQ(not_kept(), 3U);
    EXPECT_EQ(keeping.take_news(now),
              "rows are not kept in the spool until it accepts more: there is no new file in it yet");
    ASSERT_TRUE(send(1));
    keep(2);
    keeping.end();
    (void)reports();
    EXPECT_EQ(numbers(segments[0].rows), from_to(4, 5));
    EXPECT_FALSE(keeping.take_news(now + 9s));
    EXPECT_EQ(keeping.take_news(now + 10s), "rows are kept in the spool again; 3 rows are not in it");
    EXPECT_EQ(not_kept(), 3U);
}

// The next one comes late: the present one becomes larger than it should be, up to a limit.
TEST_F(KeepingTest, AFullSegmentIsFilledOnUntilTheNextOneComes) {
    constexpr std::uint64_t kFull = 1'000'000;
    const std::uint64_t crowded = spool::crowded_segment_bytes(kFull);
    wire::Begin begin;
    begin.mutable_keep()->set_segment_bytes(kFull);
    start(begin, 1ULL << 40);
    ASSERT_TRUE(send(1));
    keep(static_cast<int>(kFull / kFrame));
    EXPECT_EQ(not_kept(), 0U);
    keep(static_cast<int>((crowded - kFull) / kFrame));
    const std::uint64_t left_out = not_kept();
    EXPECT_GT(left_out, 0U);
    keep(3);
    EXPECT_EQ(not_kept(), left_out + 3);
    ASSERT_TRUE(send(2));
    keep(5);
    keeping.end();
    EXPECT_EQ(not_kept(), left_out + 3);
    (void)reports();
    const std::uint64_t length = segments[0].rows.content().size() + segments[0].packets.content().size();
    EXPECT_GE(length, crowded);
    EXPECT_LE(length, spool::most_segment_bytes(kFull));
    EXPECT_EQ(numbers(segments[1].rows), from_to(number - 4, number));
}

TEST_F(KeepingTest, WhatAFullDiskHasNotTakenIsCountedAndTheNextSegmentGoesOn) {
    start();
    std::vector<base::UniqueFd> full;
    full.push_back(base::UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC)));
    ASSERT_TRUE(keeping.take(segment_message(1), std::move(full)));
    keep(4);
    keeping.look(now += 11s);
    keeping.go_on(5s);
    keeping.look(now);
    const auto told = reports();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].ended());
    EXPECT_EQ(told[0].rows(), 0U);
    EXPECT_EQ(told[0].failure(), "cannot write to the spool: No space left on device");
    EXPECT_EQ(not_kept(), 4U);
    EXPECT_EQ(keeping.take_news(now),
              "rows are not kept in the spool until it accepts more: cannot write to the spool: No space "
              "left on device");
    keep(1);
    EXPECT_EQ(not_kept(), 5U) << "there is no segment";
    ASSERT_TRUE(send(2));
    keep(2);
    keeping.end();
    (void)reports();
    EXPECT_EQ(numbers(segments[0].rows), from_to(6, 7));
    EXPECT_EQ(not_kept(), 5U);
}

TEST_F(KeepingTest, WhyRowsAreNotKeptIsKnownBeforeTheSegmentIsReported) {
    start();
    std::vector<base::UniqueFd> full;
    full.push_back(base::UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC)));
    ASSERT_TRUE(keeping.take(segment_message(1), std::move(full)));
    keep(4);
    keeping.look(now += 11s);
    keeping.go_on(5s);
    keeping.look(now);
    keep(1);
    EXPECT_EQ(keeping.take_news(now),
              "rows are not kept in the spool until it accepts more: cannot write to the spool: No space "
              "left on device");
    (void)reports();
    EXPECT_EQ(not_kept(), 5U);
    EXPECT_FALSE(keeping.take_news(now));
    EXPECT_TRUE(keeping.take_news(now += 10s)) << "it is over";
    keep(1);
    EXPECT_EQ(keeping.take_news(now),
              "rows are not kept in the spool until it accepts more: there is no new file in it yet")
        << "the reason of before was told";
}

TEST_F(KeepingTest, ADiskThatStallsForTooLongCostsRowsAndNoTime) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const base::UniqueFd reading(ends[0]);
    start({}, 400'000);
    std::vector<base::UniqueFd> files;
    files.push_back(base::UniqueFd(::open("/dev/null", O_WRONLY | O_CLOEXEC)));
    files.push_back(base::UniqueFd(ends[1]));
    ASSERT_TRUE(keeping.take(segment_message(1), std::move(files)));
    const auto before = Keeping::Clock::now();
    keep(10'000);  // 6 MB, of which a pipe takes 64 KiB
    EXPECT_LT(Keeping::Clock::now() - before, 2s);
    const std::uint64_t refused = not_kept();
    EXPECT_GT(refused, 5'000U);
    keeping.end();
    EXPECT_FALSE(keeping.settled());
    keeping.give_up();
    google::protobuf::RepeatedPtrField<wire::SegmentReport> told;
    keeping.report(told);
    ASSERT_EQ(told.size(), 1);
    EXPECT_FALSE(told[0].ended());
    EXPECT_EQ(not_kept(), 10'000U - told[0].rows());
}

}  // namespace
}  // namespace packetsentry::worker
