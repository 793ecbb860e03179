#include "daemon/spool/format/rows_frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "daemon/spool/format/checksum.h"
#include "daemon/spool/format/packet_places.h"
#include "daemon/spool/format/rows_reader.h"
#include "tests/support/test_batch.h"
#include "tests/unit/daemon/spool/format/sample_segment.h"

namespace packetsentry::spool {
namespace {

constexpr std::uint64_t kSeed = 0x1234'5678'9abc'def0;
constexpr std::uint64_t kFar = 1 << 30;  // in a file, with room for any number of blocks before

BlockFacts some_facts(std::uint32_t block, std::uint32_t rows = 1) {
    return {.block = block, .run = 3, .rows = rows, .first_number = 10 + block, .first_time_ns = -5};
}

std::string one_frame(const BlockFacts& facts, std::string_view payload,
                      std::span<const std::uint32_t> stored = {}) {
    std::string frame;
    EXPECT_TRUE(append_frame(frame, facts, stored, payload, kSeed));
    return frame;
}

TEST(RowsFrame, IsReadAsItIsWritten) {
    const std::array<std::uint32_t, 2> kStored = {7, 0xFFFF'FFFF};
    const BlockFacts facts = {.block = kBlockLimit - 1,
                              .run = std::numeric_limits<std::uint32_t>::max(),
                              .rows = 2,
                              .first_number = proto::kNumberLimit,
                              .first_time_ns = std::numeric_limits<std::int64_t>::min(),
                              .last_time_ns = std::numeric_limits<std::int64_t>::max(),
                              .packets_at = kFileBytesLimit - 1};
    const std::string bytes = one_frame(facts, "payload", kStored) + "what follows";
    const auto frame = read_frame(as_bytes(bytes), kFar, kSeed);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->facts, facts);
    EXPECT_EQ(frame->offset, kFar);
    EXPECT_EQ(frame->size, 96U);
    EXPECT_EQ(frame->size, frame_size(as_bytes(bytes).first(80), kSeed));
    EXPECT_EQ(as_text(frame->payload), "payload");
    EXPECT_EQ(frame->stored_bytes(0), 7U);
    EXPECT_EQ(frame->stored_bytes(1), 0xFFFF'FFFFU);
}

TEST(RowsFrame, TakesPayloadsOfEachLength) {
    for (std::size_t size = 1; size < 20; ++size) {
        const std::string payload(size, 'x');
        const std::string bytes = one_frame(some_facts(0), payload);
        EXPECT_EQ(bytes.size() % 8, 0U);
        const auto frame = read_frame(as_bytes(bytes), 0, kSeed);
        ASSERT_TRUE(frame);
        EXPECT_EQ(as_text(frame->payload), payload);
        EXPECT_TRUE(frame->stored.empty());
    }
    const std::string longest(kPayloadLimit, 'x');
    EXPECT_TRUE(read_frame(as_bytes(one_frame(some_facts(0), longest)), 0, kSeed));
}

TEST(RowsFrame, IsNotWrittenBeyondItsLimits) {
    const std::vector<std::function<void(BlockFacts&)>> kMistakes = {
        [](BlockFacts& facts) { facts.block = kBlockLimit; },
        [](BlockFacts& facts) { facts.run = 0; },
        [](BlockFacts& facts) { facts.rows = 0; },
        [](BlockFacts& facts) { facts.rows = proto::kBatchRowLimit + 1; },
        [](BlockFacts& facts) { facts.first_number = 0; },
        [](BlockFacts& facts) { facts.first_number = proto::kNumberLimit + 1; },
        [](BlockFacts& facts) { facts.last_time_ns = facts.first_time_ns - 1; },
        [](BlockFacts& facts) { facts.packets_at = kFileBytesLimit; },
    };
    std::string file = "before";
    for (const auto& mistake : kMistakes) {
        BlockFacts facts = some_facts(0);
        mistake(facts);
        EXPECT_FALSE(append_frame(file, facts, {}, "payload", kSeed));
    }
    EXPECT_FALSE(append_frame(file, some_facts(0), {}, "", kSeed));
    EXPECT_FALSE(append_frame(file, some_facts(0), {}, std::string(kPayloadLimit + 1, 'x'), kSeed));
    EXPECT_FALSE(append_frame(file, some_facts(0), std::array<std::uint32_t, 2>{}, "payload", kSeed));
    EXPECT_EQ(file, "before");
}

TEST(RowsFrame, EachTruncationIsPartial) {
    const std::string bytes = one_frame(some_facts(0), "payload");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto frame = read_frame(as_bytes(bytes).first(size), 0, kSeed);
        ASSERT_FALSE(frame) << size;
        EXPECT_EQ(frame.error().problem, FrameProblem::partial) << size;
        EXPECT_EQ(frame.error().size, size < kFrameHeaderBytes ? 0 : bytes.size()) << size;
    }
}

TEST(RowsFrame, EachWrongByteIsFound) {
    const std::string bytes = one_frame(some_facts(0), "payload");
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string wrong = bytes;
        wrong[at] = static_cast<char>(wrong[at] ^ 0x10);
        const auto frame = read_frame(as_bytes(wrong), 0, kSeed);
        ASSERT_FALSE(frame) << at;
        const bool in_header = at < kFrameHeaderBytes;
        EXPECT_EQ(frame.error().problem == FrameProblem::body_damaged, !in_header) << at;
    }
}

// So an index, which has an entry for each number, is not much larger than the rows file.
TEST(RowsFrame, HasNoHigherNumberThanFramesHaveRoomBeforeIt) {
    const std::string bytes = one_frame(some_facts(3), "payload");
    constexpr std::uint64_t kThirdEnds = kFileHeaderBytes + 3 * (kFrameHeaderBytes + 8);
    EXPECT_TRUE(read_frame(as_bytes(bytes), kThirdEnds, kSeed));
    EXPECT_FALSE(read_frame(as_bytes(bytes), kThirdEnds - 8, kSeed));
    EXPECT_FALSE(read_frame(as_bytes(bytes), 0, kSeed));
    EXPECT_TRUE(read_frame(as_bytes(bytes), kThirdEnds, kSeed, 3));
    EXPECT_FALSE(read_frame(as_bytes(bytes), kThirdEnds, kSeed, 4));
}

TEST(RowsFrame, WithALongerHeaderIsReadByThisVersion) {
    std::string bytes = one_frame(some_facts(0), "payload");
    bytes.insert(kFrameHeaderBytes - 8, 40, 'x');
    bytes[4] = static_cast<char>(kFrameHeaderBytes + 40);
    const std::size_t summed = kFrameHeaderBytes + 32;
    std::string sum;
    proto::append_number(sum, checksum(as_bytes(bytes).first(summed), kSeed));
    bytes.replace(summed, 8, sum);
    const auto frame = read_frame(as_bytes(bytes), 0, kSeed);
    ASSERT_TRUE(frame);
    EXPECT_EQ(as_text(frame->payload), "payload");
    EXPECT_EQ(frame->size, bytes.size());
}

TEST(RowsFrame, WithAnUnknownEncodingIsToldAndPassed) {
    std::string bytes = one_frame(some_facts(5), "payload");
    bytes[6] = 1;
    std::string sum;
    proto::append_number(sum, checksum(as_bytes(bytes).first(kFrameHeaderBytes - 8), kSeed));
    bytes.replace(kFrameHeaderBytes - 8, 8, sum);
    const auto frame = read_frame(as_bytes(bytes), kFar, kSeed);
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().problem, FrameProblem::unknown_encoding);
    EXPECT_EQ(frame.error().facts, some_facts(5));
    EXPECT_EQ(frame.error().size, bytes.size());
}

TEST(BlockFacts, AreThoseOfTheBatch) {
    const wire::Batch batch = test::sample_batch();
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view) << view.error().message;
    const BlockFacts facts = facts_of(*view, 0, 1, test::kPacketsAt);
    const std::string rows = test::sample_rows();
    auto reader = RowsReader::open(as_bytes(rows));
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->next().value()->facts, facts);
    EXPECT_TRUE(matches(facts, wire::TABLE_PACKETS, *view));
    EXPECT_FALSE(matches(facts, wire::TABLE_UNKNOWN, *view));
    for (const auto member : {&BlockFacts::first_time_ns, &BlockFacts::last_time_ns}) {
        BlockFacts other = facts;
        other.*member += 1;
        EXPECT_FALSE(matches(other, wire::TABLE_PACKETS, *view));
    }
}

TEST(BlockFacts, AreNotThoseOfABatchThatLeavesRowsOut) {
    wire::Batch batch = test::test_batch(1, 2);
    const auto whole = proto::BatchView::check(batch);
    ASSERT_TRUE(whole);
    const BlockFacts facts = facts_of(*whole, 0, 1);
    EXPECT_TRUE(matches(facts, wire::TABLE_PACKETS, *whole));
    batch.add_left_out(0);
    batch.add_left_out(1);
    const auto found = proto::BatchView::check(batch);
    ASSERT_TRUE(found);
    EXPECT_FALSE(matches(facts, wire::TABLE_PACKETS, *found));
}

TEST(BlockFacts, HaveTheEarliestAndTheLatestTime) {
    wire::Batch batch = test::test_batch(1, 4, 1000);
    batch.set_time_delta_ns(2, -500);
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view);
    EXPECT_EQ(facts_of(*view, 0, 1).first_time_ns, 510);
    EXPECT_EQ(facts_of(*view, 0, 1).last_time_ns, 1010);
}

TEST(PacketPlaces, FollowFromTheStoredLengths) {
    wire::Batch batch = test::test_batch(1, 4);
    for (const std::uint32_t cut : {0U, 57U, 60U, 59U}) batch.add_cut_bytes(cut);
    const auto view = proto::BatchView::check(batch);
    ASSERT_TRUE(view);
    std::vector<std::uint32_t> rows = {0, 1, 2, 3};
    const auto places = [&](std::uint64_t at, std::span<const std::uint32_t> stored) {
        const std::string bytes = one_frame(facts_of(*view, 0, 1, at), "payload", stored);
        return packet_places(read_frame(as_bytes(bytes), 0, kSeed).value(), *view, rows);
    };
    using Places = std::vector<PacketPlace>;
    EXPECT_EQ(places(0, {}), Places());
    EXPECT_EQ(places(100, {}), (Places{{100, 60}, {192, 3}, {228, 0}, {228, 1}}));
    EXPECT_EQ(places(100, std::array{0U, 4U, 5U, 0U}), (Places{{100, 0}, {100, 4}, {136, 5}, {176, 0}}));
    rows = {1, 3};
    EXPECT_EQ(places(100, {}), (Places{{192, 3}, {228, 1}}));
}

}  // namespace
}  // namespace packetsentry::spool
