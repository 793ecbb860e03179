// A segment whose writer was stopped at any byte: all whole blocks are found, and all of their packets.
#include <gtest/gtest.h>

#include <array>

#include "tests/unit/daemon/spool/write/written_segments.h"

namespace packetsentry::spool {
namespace {

constexpr std::uint32_t kRowsOfBlock = 3;

struct InterruptedSegment {
    std::vector<test::SentPacket> sent = {};
    std::array<test::WrittenSegment, 4> after = {};  // so many blocks
};

InterruptedSegment three_blocks_of_packets() {
    InterruptedSegment made;
    test::SegmentWriting writing({.block_rows = kRowsOfBlock});
    made.after[0] = writing.output.segments.back();
    for (std::uint64_t number = 1; number <= 3 * kRowsOfBlock; ++number) {
        made.sent.push_back(test::sent_packet(number, 20 + number));
        writing.append(made.sent.back());
        made.after.at(number / kRowsOfBlock) = writing.output.segments.back();
    }
    return made;
}

std::vector<test::SentPacket> sent_in_blocks(const InterruptedSegment& made, std::size_t blocks) {
    return {made.sent.begin(), made.sent.begin() + static_cast<std::ptrdiff_t>(blocks * kRowsOfBlock)};
}

// Everything that was given before the frame is there, because it was written before it.
TEST(SegmentCrash, WholeBlocksAreFoundWhereverTheRowsEnd) {
    const InterruptedSegment made = three_blocks_of_packets();
    const test::WrittenSegment& whole = made.after.back();
    for (std::size_t size = kFileHeaderBytes; size <= whole.rows.size(); ++size) {
        std::size_t blocks = 3;
        while (made.after.at(blocks).rows.size() > size) --blocks;
        const auto found = test::read_blocks(std::string_view(whole.rows).substr(0, size));
        ASSERT_EQ(found.size(), blocks) << size;
        expect_found(found, whole.packets, sent_in_blocks(made, blocks));
    }
}

// The frame of the last block was not written yet, so it ends the rows; the packets end anywhere.
TEST(SegmentCrash, WholeBlocksAreFoundWhereverThePacketsEnd) {
    const InterruptedSegment made = three_blocks_of_packets();
    for (std::size_t blocks = 0; blocks < 3; ++blocks) {
        const std::string& more = made.after.at(blocks + 1).packets;
        for (std::size_t size = made.after.at(blocks).packets.size(); size < more.size(); ++size) {
            const std::string packets = more.substr(0, size);
            expect_found(test::read_blocks(made.after.at(blocks).rows), packets,
                         sent_in_blocks(made, blocks));
            const auto reading = capture::read_bytes(packets);
            ASSERT_GE(reading.packets.size(), blocks * kRowsOfBlock) << size;
            ASSERT_LT(reading.packets.size(), (blocks + 1) * kRowsOfBlock) << size;
            for (std::size_t i = 0; i < reading.packets.size(); ++i)
                ASSERT_EQ(reading.packets[i].frame, made.sent[i].frame);
        }
    }
}

}  // namespace
}  // namespace packetsentry::spool
