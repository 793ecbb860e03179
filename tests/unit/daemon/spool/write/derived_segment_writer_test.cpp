#include "daemon/spool/write/derived_segment_writer.h"

#include <gtest/gtest.h>

#include "daemon/record/flow_batch_builder.h"
#include "daemon/spool/format/segment_index.h"
#include "tests/unit/daemon/flows/flow_builder.h"
#include "tests/unit/daemon/spool/search/searched_segments.h"
#include "tests/unit/daemon/spool/write/written_segments.h"

namespace packetsentry::spool {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kFlowRun = 7;

// Conversations of the same two hosts, each with another port of the client.
struct FlowWriting {
    explicit FlowWriting(const SegmentLimits& limits = {}) : writer(block, output, kFlowRun, limits) {
        begin();
    }

    void begin() {
        writer.end_block();
        output.segments.emplace_back();
        FileHeader header = test::sample_header(FileKind::rows);
        header.table = wire::TABLE_FLOWS;
        writer.begin(header, now);
    }
    void append(std::uint64_t number) {
        const auto client = flows::end("192.0.2.1", static_cast<std::uint16_t>(1'000 + number));
        const auto packet = flows::packet(flows::tuple(IPPROTO_UDP, client, flows::kServer), 10,
                                          test::kSegmentTime + static_cast<std::int64_t>(number));
        flows::Flow flow(packet, false);
        (void)flow.take(packet);
        writer.append(number, now, [&] { block.append(flow, flows::FlowReason::idle, "eth0", 1, 0); });
    }
    const test::WrittenSegment& ended() {
        writer.end_block();
        return output.segments.back();
    }

    SegmentWriter::Time now{std::chrono::hours(1)};
    test::MemoryOutput output;
    record::FlowBatchBuilder block{true};
    DerivedSegmentWriter writer;
};

std::vector<BlockFacts> blocks_of(const test::WrittenSegment& segment) {
    std::vector<BlockFacts> blocks;
    auto reader = RowsReader::open(as_bytes(segment.rows));
    EXPECT_TRUE(reader);
    while (const auto next = reader->next()) {
        EXPECT_TRUE(*next);
        if (*next) blocks.push_back((*next)->facts);
    }
    return blocks;
}

TEST(DerivedSegmentWriter, BlocksHaveAdjacentNumbers) {
    FlowWriting writing({.block_rows = 3});
    for (const std::uint64_t number : std::initializer_list<std::uint64_t>{1, 2, 3, 4, 7, 8})
        writing.append(number);
    const auto& segment = writing.ended();
    const auto blocks = blocks_of(segment);
    ASSERT_EQ(blocks.size(), 3U);
    EXPECT_EQ(blocks[0].rows, 3U);
    EXPECT_EQ(blocks[1].rows, 1U) << "number 5 is left out";
    EXPECT_EQ(blocks[2].first_number, 7U);
    EXPECT_EQ(blocks[2].run, kFlowRun);
    EXPECT_EQ(segment.packets, "");
    EXPECT_EQ(segment.progress, (SegmentProgress{.rows_bytes = segment.rows.size(),
                                                 .packets_bytes = 0,
                                                 .blocks = 3,
                                                 .rows = 6,
                                                 .first_number = 1,
                                                 .last_number = 8,
                                                 .first_time_ns = test::kSegmentTime + 1,
                                                 .last_time_ns = test::kSegmentTime + 8}));
    EXPECT_EQ(writing.writer.rows_refused(), 0U);
}

TEST(DerivedSegmentWriter, RefusesNumbersThatDoNotAscend) {
    FlowWriting writing;
    writing.append(5);
    writing.append(5);
    writing.append(4);
    writing.append(proto::kNumberLimit + 1);
    EXPECT_EQ(writing.writer.rows_refused(), 3U);
    EXPECT_EQ(writing.ended().progress.rows, 1U);
}

TEST(DerivedSegmentWriter, ABlockAndASegmentEndByTheirAge) {
    FlowWriting writing;
    EXPECT_FALSE(writing.writer.block_due());
    writing.append(1);
    EXPECT_EQ(writing.writer.block_due(), writing.now + 10s);
    writing.now += 10s;
    writing.append(2);
    EXPECT_EQ(blocks_of(writing.ended()).size(), 2U);
    EXPECT_FALSE(writing.writer.full(writing.now));
    EXPECT_TRUE(writing.writer.full(writing.now + 1h));
    writing.begin();
    writing.append(3);
    EXPECT_EQ(blocks_of(writing.ended()).size(), 1U);
}

TEST(DerivedSegmentWriter, ASegmentIsFullOfRowsOrBytes) {
    FlowWriting writing({.block_rows = 2, .rows = 4});
    for (std::uint64_t number = 1; number < 4; ++number) writing.append(number);
    EXPECT_FALSE(writing.writer.full(writing.now));
    writing.append(4);
    EXPECT_TRUE(writing.writer.full(writing.now));
    FlowWriting small({.block_rows = 1, .bytes = 300});
    small.append(1);
    EXPECT_TRUE(small.writer.full(small.now));
}

TEST(DerivedSegmentWriter, WhatItWritesIsFoundByAnIndexAndWithoutOne) {
    FlowWriting writing({.block_rows = 10});
    for (std::uint64_t number = 1; number <= 100; ++number) writing.append(number);
    const auto& segment = writing.ended();
    const auto index = index_rows_file(as_bytes(segment.rows));
    ASSERT_TRUE(index) << index.error().message;
    Question question = question_of({.port = 1'042});
    EXPECT_FALSE(SegmentSearch::open(files_of(segment.rows), question, SearchOrder::oldest_first))
        << "packets are asked";
    question.ask_table(wire::TABLE_FLOWS);
    const Searched plain = search_all(files_of(segment.rows), question);
    const Searched indexed = search_all(files_of(segment.rows, *index), question);
    EXPECT_EQ(plain.numbers(), (std::vector<std::uint64_t>{42}));
    EXPECT_EQ(indexed.numbers(), plain.numbers());
    EXPECT_EQ(indexed.counts.blocks_read, 1U);
}

}  // namespace
}  // namespace packetsentry::spool
