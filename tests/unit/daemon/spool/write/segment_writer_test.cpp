#include "daemon/spool/write/segment_writer.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/spool/write/written_segments.h"

namespace packetsentry::spool {
namespace {

using namespace std::chrono_literals;
using test::sent_packet;
using test::SentPacket;

using RowsOfBlocks = std::vector<std::uint32_t>;

std::vector<SentPacket> some_packets(std::uint64_t count, std::uint64_t first_number = 1) {
    std::vector<SentPacket> sent;
    for (std::uint64_t i = 0; i < count; ++i)
        sent.push_back(sent_packet(first_number + i, (first_number + i) * 37 % 211));
    return sent;
}

TEST(SegmentWriter, PacketsAreFoundWhereTheirBlockSays) {
    test::SegmentWriting writing({.block_rows = 100});
    const auto sent = some_packets(1000);
    writing.append_all(sent);
    const auto& segment = writing.ended();
    expect_holds(segment, sent);
    EXPECT_EQ(test::rows_of_blocks(segment), RowsOfBlocks(10, 100));
    EXPECT_EQ(writing.writer.rows_refused(), 0U);
}

TEST(SegmentWriter, TellsWhatTheCatalogueNeeds) {
    test::SegmentWriting writing({.block_rows = 2});
    std::vector<SentPacket> sent = {sent_packet(5), sent_packet(6), sent_packet(9)};
    sent[1].time_ns = 3'000;
    sent[2].time_ns = 1'000;
    writing.append_all({sent[0], sent[1]});
    const auto first = writing.writer.progress();
    EXPECT_EQ(first.rows, 2U);
    EXPECT_EQ(first.first_time_ns, 3'000);
    EXPECT_EQ(first.last_time_ns, sent[0].time_ns);
    writing.append(sent[2]);
    EXPECT_EQ(writing.writer.progress(), first);
    const auto& segment = writing.ended();
    expect_holds(segment, sent);
    EXPECT_EQ(segment.progress, (SegmentProgress{.rows_bytes = segment.rows.size(),
                                                 .packets_bytes = segment.packets.size(),
                                                 .blocks = 2,
                                                 .rows = 3,
                                                 .first_number = 5,
                                                 .last_number = 9,
                                                 .first_time_ns = 1'000,
                                                 .last_time_ns = sent[0].time_ns}));
}

TEST(SegmentWriter, ASegmentWithoutRowsCanBeRead) {
    test::SegmentWriting writing;
    const auto& segment = writing.ended();
    EXPECT_EQ(segment.rows.size(), kFileHeaderBytes);
    EXPECT_EQ(segment.progress.rows_bytes, kFileHeaderBytes);
    expect_holds(segment, {});
    EXPECT_FALSE(writing.writer.block_due());
}

TEST(SegmentWriter, ABlockEndsAt4096Rows) {
    test::SegmentWriting writing;
    const auto sent = some_packets(10'000);
    writing.append_all(sent);
    const auto& segment = writing.ended();
    EXPECT_EQ(test::rows_of_blocks(segment), (RowsOfBlocks{4096, 4096, 1808}));
    expect_holds(segment, sent);
}

TEST(SegmentWriter, ABlockEndsAt8MiBOfPackets) {
    test::SegmentWriting writing;
    std::vector<SentPacket> sent;
    for (std::uint64_t number = 1; number <= 80; ++number) sent.push_back(sent_packet(number, 1U << 18));
    writing.append_all(sent);
    const auto& segment = writing.ended();
    EXPECT_EQ(test::rows_of_blocks(segment), (RowsOfBlocks{32, 32, 16}));
    expect_holds(segment, sent);
}

TEST(SegmentWriter, ABlockEndsAfter10Seconds) {
    test::SegmentWriting writing;
    const auto sent = some_packets(4);
    const auto begun = writing.now;
    writing.append(sent[0]);
    EXPECT_EQ(writing.writer.block_due(), begun + 10s);
    writing.now += 9999ms;
    writing.append(sent[1]);
    EXPECT_EQ(writing.writer.block_due(), begun + 10s);
    writing.now = begun + 10s;
    writing.append(sent[2]);
    EXPECT_EQ(writing.writer.block_due(), begun + 20s);
    writing.writer.end_block();  // as the caller does when no packets come
    EXPECT_FALSE(writing.writer.block_due());
    writing.append(sent[3]);
    const auto& segment = writing.ended();
    EXPECT_EQ(test::rows_of_blocks(segment), (RowsOfBlocks{2, 1, 1}));
    expect_holds(segment, sent);
}

TEST(SegmentWriter, ABlockEndsAtAGapInTheNumbers) {
    test::SegmentWriting writing;
    std::vector<SentPacket> sent = some_packets(3);
    for (const auto& packet : some_packets(2, 100)) sent.push_back(packet);
    writing.append_all(sent);
    const auto& segment = writing.ended();
    EXPECT_EQ(test::rows_of_blocks(segment), (RowsOfBlocks{3, 2}));
    expect_holds(segment, sent);
}

TEST(SegmentWriter, CountsRowsWhoseNumbersDoNotAscend) {
    test::SegmentWriting writing;
    const auto sent = some_packets(2, 10);
    writing.append_all(sent);
    for (const std::uint64_t number :
         {std::uint64_t{0}, std::uint64_t{9}, std::uint64_t{11}, proto::kNumberLimit + 1, ~std::uint64_t{0}})
        writing.append(sent_packet(number));
    EXPECT_EQ(writing.writer.rows_refused(), 5U);
    expect_holds(writing.ended(), sent);
}

// Two batches are a block, and so are parts of them.
TEST(SegmentWriter, TakesRowsOverFromBatchesHoweverTheseAreCut) {
    test::SegmentWriting writing({.block_rows = 100});
    const auto sent = some_packets(350);
    for (const SentPacket& packet : sent) {
        if (packet.number % 70 == 0) writing.end_batch();
        writing.append_batched(packet);
    }
    const auto& segment = writing.ended();
    expect_holds(segment, sent);
    EXPECT_EQ(test::rows_of_blocks(segment), (RowsOfBlocks{100, 100, 100, 50}));
    EXPECT_EQ(writing.writer.rows_refused(), 0U);
}

TEST(SegmentWriter, ABlockThatIsFullEndsWhenItsLastRowsAreTakenOver) {
    test::SegmentWriting writing({.block_rows = 3});
    const auto sent = some_packets(3);
    for (const SentPacket& packet : sent) writing.append_batched(packet);
    EXPECT_EQ(writing.writer.progress().rows, 0U);
    EXPECT_TRUE(writing.writer.block_due());
    writing.writer.take_rows();
    EXPECT_EQ(writing.writer.progress().rows, 3U);
    EXPECT_FALSE(writing.writer.block_due());
    expect_holds(writing.ended(), sent);
}

// Neither batch is full, but a dictionary cannot have the addresses of both.
TEST(SegmentWriter, ABlockEndsBeforeABatchForWhichItHasNoRoom) {
    test::SegmentWriting writing({.block_rows = 60'000});
    writing.batched.source = *base::parse_ip("10.0.0.0");
    const auto sent = some_packets(8'000);
    for (const SentPacket& packet : sent) {
        writing.batched.source.bytes[2] = static_cast<std::byte>(packet.number >> 8);
        writing.batched.source.bytes[3] = static_cast<std::byte>(packet.number);
        writing.batched.destination = writing.batched.source;
        writing.batched.destination.bytes[1] = std::byte{1};
        writing.append_batched(packet);
    }
    const auto& segment = writing.ended();
    expect_holds(segment, sent);
    const auto blocks = test::read_blocks(segment.rows);
    ASSERT_EQ(blocks.size(), 2U);
    for (const auto& block : blocks)
        EXPECT_EQ(block.batch.address_size().size(), 2 * std::size_t{block.facts.rows});
}

TEST(SegmentWriter, CountsRowsWhoseBatchHasGone) {
    test::SegmentWriting writing;
    const auto sent = some_packets(3);
    writing.append_batched(sent[0]);
    writing.append_batched(sent[1]);
    writing.batch.discard();
    writing.append_batched(sent[2]);
    writing.writer.end_block();
    EXPECT_EQ(writing.writer.rows_refused(), 3U);
    EXPECT_EQ(writing.ended().progress.rows, 0U);
}

// The packet itself is in the pcapng then.
TEST(SegmentWriter, CountsTheRowsOfABatchThatNoReaderWouldTake) {
    test::SegmentWriting writing({.block_rows = 2});
    dissect::Dissection impossible;
    impossible.network = static_cast<dissect::Network>(99);
    const auto sent = some_packets(6);
    writing.append_all({sent[0], sent[1], sent[2]});
    writing.append(sent[3], impossible);
    EXPECT_EQ(writing.writer.rows_refused(), 2U);
    writing.append_all({sent[4], sent[5]});
    const auto& segment = writing.ended();
    expect_found(test::read_blocks(segment.rows), segment.packets, {sent[0], sent[1], sent[4], sent[5]});
    EXPECT_EQ(segment.progress.rows, 4U);
    EXPECT_EQ(capture::read_bytes(segment.packets).packets.size(), 6U);
}

// The snapshot length leaves fewer bytes than were on the wire, and all of these are stored.
TEST(SegmentWriter, HasNoLengthsWhereAllThatWasCapturedIsStored) {
    test::SegmentWriting writing;
    std::vector<SentPacket> sent = some_packets(3);
    sent[1].wire_bytes = 1514;
    sent[2].frame = "";
    writing.append_all(sent);
    const auto& segment = writing.ended();
    expect_holds(segment, sent);
    EXPECT_FALSE(test::read_blocks(segment.rows).at(0).has_lengths);
}

TEST(SegmentWriter, HasTheStoredLengthsWhereLessIsStored) {
    test::SegmentWriting writing({.block_rows = 3});
    std::vector<SentPacket> sent = some_packets(9);
    sent[1].stored_limit = 42;
    sent[2].stored_limit = 0;
    sent[3].stored_limit = 0;
    sent[8].stored_limit = 2000;  // more than it has
    writing.append_all(sent);
    const auto& segment = writing.ended();
    expect_holds(segment, sent);
    const auto blocks = test::read_blocks(segment.rows);
    EXPECT_TRUE(blocks.at(0).has_lengths);
    EXPECT_TRUE(blocks.at(1).has_lengths);
    EXPECT_FALSE(blocks.at(2).has_lengths);
    EXPECT_EQ(blocks.at(1).facts.packets_at, blocks.at(1).places.at(1).offset);
}

TEST(SegmentWriter, AnEmptyPacketTakesNoBlock) {
    test::SegmentWriting writing({.block_rows = 2});
    std::vector<SentPacket> sent = some_packets(8);
    for (const std::size_t empty : {1U, 2U, 3U, 4U, 7U}) sent[empty].frame = "";
    sent[3].interface = 1;  // none of its packets are stored, so it is not described
    writing.append_all(sent);
    const auto& segment = writing.ended();
    EXPECT_EQ(test::rows_of_blocks(segment), (RowsOfBlocks{2, 2, 2, 2}));
    expect_holds(segment, sent);
    const auto blocks = test::read_blocks(segment.rows);
    EXPECT_EQ(blocks.at(0).facts.packets_at, blocks.at(0).places.at(0).offset);
    EXPECT_EQ(blocks.at(1).facts.packets_at, 0U);
    EXPECT_EQ(blocks.at(2).facts.packets_at, blocks.at(2).places.at(1).offset);
    const auto reading = capture::read_bytes(segment.packets);
    EXPECT_EQ(reading.packets.size(), 3U);
    EXPECT_EQ(reading.interfaces.size(), 1U);
}

TEST(SegmentWriter, TimesNeedNotBeInOrder) {
    test::SegmentWriting writing;
    std::vector<SentPacket> sent = some_packets(5);
    sent[1].time_ns = -1;  // before 1970
    sent[2].has_time = false;
    sent[3].time_ns = sent[0].time_ns + 5'000'000'000;
    writing.append_all(sent);
    const auto& segment = writing.ended();
    expect_holds(segment, sent);
    const auto facts = test::read_blocks(segment.rows).at(0).facts;
    EXPECT_EQ(facts.first_time_ns, -1);
    EXPECT_EQ(facts.last_time_ns, sent[3].time_ns);
    EXPECT_EQ(segment.progress.first_time_ns, -1);
    EXPECT_EQ(segment.progress.last_time_ns, sent[3].time_ns);
}

TEST(SegmentWriter, ABlockEndsBeforeAnInterfaceIsDescribed) {
    test::SegmentWriting writing;
    std::vector<SentPacket> sent = some_packets(9);
    for (const std::size_t later : {3U, 5U, 8U}) sent[later].interface = 2;
    sent[6].interface = 1;
    writing.append_all({sent.begin(), sent.begin() + 8});
    writing.interfaces.push_back({"eth2", 1, 128, 5});  // it appears late
    sent[8].interface = 3;
    writing.append(sent[8]);
    const auto& segment = writing.ended();
    EXPECT_EQ(test::rows_of_blocks(segment), (RowsOfBlocks{3, 3, 2, 1}));
    expect_holds(segment, sent);
    const auto reading = capture::read_bytes(segment.packets);
    std::vector<std::string> names;
    for (const auto& interface : reading.interfaces) names.push_back(interface.name);
    EXPECT_EQ(names, (std::vector<std::string>{"eth0", "tun0", "eth1", "eth2"}));
    for (std::size_t i = 0; i < sent.size(); ++i)
        EXPECT_EQ(names.at(reading.packets.at(i).interface), writing.interfaces[sent[i].interface].name) << i;
}

TEST(SegmentWriter, IsFullAtEachLimit) {
    test::SegmentWriting rows({.block_rows = 4, .rows = 10});
    const auto sent = some_packets(20);
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(rows.writer.full(rows.now)) << i;
        rows.append(sent[static_cast<std::size_t>(i)]);
    }
    EXPECT_TRUE(rows.writer.full(rows.now));

    test::SegmentWriting bytes({.bytes = 2000});
    std::uint64_t number = 0;
    while (!bytes.writer.full(bytes.now)) bytes.append(sent_packet(++number, 100));
    EXPECT_GE(bytes.ended().progress.packets_bytes, 1900U);
    EXPECT_LE(bytes.ended().progress.packets_bytes, 2100U);

    test::SegmentWriting age;
    EXPECT_FALSE(age.writer.full(age.now + 1h - 1ns));
    EXPECT_TRUE(age.writer.full(age.now + 1h));
}

TEST(SegmentWriter, HasTheLimitsOfASegment) {
    constexpr SegmentLimits kLimits;
    EXPECT_EQ(kLimits.rows, 262'144U);
    EXPECT_EQ(kLimits.bytes, 240'000'000U);
    EXPECT_EQ(kLimits.age, 1h);
    EXPECT_LE(kLimits.rows, kBlockLimit);  // even if each row was a block
}

TEST(SegmentWriter, TheNextSegmentCanBeReadAlone) {
    test::SegmentWriting writing({.block_rows = 4, .rows = 6});
    const auto sent = some_packets(15);
    for (const auto& packet : sent) {
        if (writing.writer.full(writing.now)) {
            writing.now += 1min;
            writing.begin();
        }
        writing.append(packet);
    }
    (void)writing.ended();
    const auto& segments = writing.output.segments;
    ASSERT_EQ(segments.size(), 3U);
    expect_holds(segments[0], {sent.begin(), sent.begin() + 6});
    expect_holds(segments[1], {sent.begin() + 6, sent.begin() + 12});
    expect_holds(segments[2], {sent.begin() + 12, sent.end()});
    EXPECT_EQ(segments[1].progress.first_number, 7U);
    EXPECT_EQ(segments[1].progress.last_number, 12U);
    for (std::size_t i = 0; i < segments.size(); ++i)
        EXPECT_EQ(RowsReader::open(as_bytes(segments[i].rows)).value().header().counter, 41 + i);
}

}  // namespace
}  // namespace packetsentry::spool
