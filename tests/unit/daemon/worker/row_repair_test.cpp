#include "daemon/worker/row_repair.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "daemon/dissect/dissect.h"
#include "daemon/spool/format/segment_index.h"
#include "tests/unit/daemon/spool/write/written_segments.h"

namespace packetsentry::worker {
namespace {

// A segment of 200 packets in blocks of 25, half of which are of another interface from the hundredth on.
struct RepairedSegment : testing::Test {
    RepairedSegment() : writing({.block_rows = 25}) {
        for (std::uint64_t number = 101; number <= 300; ++number) {
            sent.push_back(test::sent_packet(number, 60 + number % 30));
            if (number > 200) sent.back().interface = static_cast<std::uint32_t>(number % 2);
            dissect::Dissection dissection;
            dissect::dissect(std::as_bytes(std::span(sent.back().frame)), sent.back().wire_bytes, 1,
                             dissection);
            writing.append(sent.back(), dissection);
        }
        segment = writing.ended();
    }

    [[nodiscard]] RowRepairOrder order(std::uint64_t rows = 200) const {
        return {.header = test::sample_header(spool::FileKind::rows),
                .run = test::SegmentWriting::kRun,
                .first_number = 101,
                .rows = rows,
                .packets_bytes = segment.packets.size()};
    }
    [[nodiscard]] static std::optional<std::string> repaired(const std::string& rows,
                                                             const std::string& packets,
                                                             const RowRepairOrder& order) {
        base::UniqueFd file(::memfd_create("packets", MFD_CLOEXEC));
        EXPECT_EQ(::pwrite(file.get(), packets.data(), packets.size(), 0),
                  static_cast<ssize_t>(packets.size()));
        auto input = capture::DescriptorInput::open(std::move(file));
        if (!input) return std::nullopt;
        return repair_rows(spool::as_bytes(rows), *std::move(input), order);
    }
    // Where the frame of a block begins, from 0.
    [[nodiscard]] std::size_t frame_at(std::size_t block) const {
        auto reader = spool::RowsReader::open(spool::as_bytes(segment.rows));
        for (std::size_t i = 0;; ++i) {
            const auto next = reader->next();
            if (!next || !*next) return segment.rows.size();
            if (i == block) return (*next)->offset;
        }
    }
    // Every packet has its row again, and each row its packet.
    void expect_whole(const std::optional<std::string>& rows) const {
        ASSERT_TRUE(rows);
        test::expect_found(test::read_blocks(*rows), segment.packets, sent);
        const auto index = spool::index_rows_file(spool::as_bytes(*rows));
        EXPECT_TRUE(index);
    }

    test::SegmentWriting writing;
    std::vector<test::SentPacket> sent;
    test::WrittenSegment segment;
};

TEST_F(RepairedSegment, LeavesWholeRowsAlone) {
    EXPECT_FALSE(repaired(segment.rows, segment.packets, order()));
    EXPECT_FALSE(repaired(segment.rows, segment.packets, order(0)));
}

TEST_F(RepairedSegment, HasTheRowsThatACrashHasCost) {
    for (const std::size_t bytes :
         {frame_at(7), frame_at(5) + 100, frame_at(1), frame_at(0), frame_at(0) + 8})
        expect_whole(repaired(segment.rows.substr(0, bytes), segment.packets, order(0)));
}

TEST_F(RepairedSegment, HasTheSameRowsAsBefore) {
    const auto made = repaired(segment.rows.substr(0, frame_at(3)), segment.packets, order());
    ASSERT_TRUE(made);
    const auto before = test::read_blocks(segment.rows);
    std::uint32_t row = 0;
    for (const test::ReadBlock& block : test::read_blocks(*made)) {
        const auto view = proto::BatchView::check(block.batch);
        ASSERT_TRUE(view);
        for (std::uint32_t i = 0; i < view->rows(); ++i, ++row) {
            const auto old = proto::BatchView::check(before[row / 25].batch);
            const std::uint32_t at = row % 25;
            ASSERT_EQ(view->time_ns(i), old->time_ns(at));
            ASSERT_EQ(view->wire_bytes(i), old->wire_bytes(at));
            ASSERT_EQ(view->interface(i).name(), old->interface(at).name());
        }
    }
    EXPECT_EQ(row, 200U);
}

TEST_F(RepairedSegment, HasTheRowsOfDamagedBlocks) {
    for (const std::size_t block : {0U, 3U, 4U, 6U, 7U})
        for (const std::size_t at : {8U, 200U}) {
            std::string damaged = segment.rows;
            damaged[frame_at(block) + at] ^= 1;
            expect_whole(repaired(damaged, segment.packets, order()));
        }
    std::string damaged = segment.rows;
    for (const std::size_t block : {0U, 2U, 3U, 6U}) damaged[frame_at(block) + 90] ^= 1;
    expect_whole(repaired(damaged, segment.packets, order()));
    expect_whole(repaired(damaged, segment.packets, order(0)));
}

TEST_F(RepairedSegment, NeedsNoRowsFile) {
    expect_whole(repaired("", segment.packets, order()));
    expect_whole(repaired(std::string(segment.rows.size(), 'x'), segment.packets, order()));
}

// What can no longer be told as damaged would look as if it had never been.
TEST_F(RepairedSegment, StaysAsItIsIfRowsWouldBeForgotten) {
    std::string damaged = segment.rows;
    damaged[frame_at(2) + 90] ^= 1;
    const std::string packets = segment.packets.substr(0, segment.packets.size() / 8);
    EXPECT_FALSE(repaired(damaged, packets, order())) << "the packets of that block are gone, too";
    EXPECT_FALSE(repaired(segment.rows.substr(0, frame_at(4)), packets, order()));
    RowRepairOrder shorter = order();
    shorter.packets_bytes = segment.packets.size() / 2;
    EXPECT_FALSE(repaired(segment.rows.substr(0, frame_at(6)), segment.packets, shorter))
        << "what stands behind the closed length is not the segment's";
}

TEST_F(RepairedSegment, TakesNoNumberOfAnotherSegment) {
    RowRepairOrder limited = order(0);
    limited.number_limit = 290;
    EXPECT_FALSE(repaired(segment.rows.substr(0, frame_at(7)), segment.packets, limited));
    limited.number_limit = 301;
    expect_whole(repaired(segment.rows.substr(0, frame_at(7)), segment.packets, limited));
}

// Whatever is damaged: new rows can all be read, and are no fewer than those that could be read before.
TEST_F(RepairedSegment, IsNeverWorseThanBefore) {
    const auto rows_in = [](const std::string& file) {
        auto reader = spool::RowsReader::open(spool::as_bytes(file));
        std::uint64_t rows = 0;
        while (const auto next = reader ? reader->next() : std::nullopt)
            if (*next) rows += (*next)->facts.rows;
        return rows;
    };
    int repairs = 0;
    for (std::size_t at = 0; at < segment.rows.size(); at += 97) {
        std::string rows = segment.rows;
        std::string packets = segment.packets;
        rows[at] ^= 0x10;
        packets[at * 7 % packets.size()] ^= static_cast<char>(1U << (at % 8));
        for (const std::uint64_t known : {200U, 0U}) {
            const auto made = repaired(rows, packets, order(known));
            if (!made) continue;
            ++repairs;
            EXPECT_GE(rows_in(*made), rows_in(rows)) << at;
            EXPECT_EQ(rows_in(*made), 200U) << at;
            EXPECT_EQ(test::read_blocks(*made).front().facts.first_number, 101U) << at;
        }
    }
    EXPECT_GT(repairs, 0);
}

TEST_F(RepairedSegment, IsNotMadeOfAnythingElse) {
    EXPECT_FALSE(repaired(segment.rows.substr(0, frame_at(3)), "no pcapng", order()));
    EXPECT_FALSE(repaired(segment.rows.substr(0, frame_at(3)), "", order()));
    RowRepairOrder other = order();
    other.header.counter += 1;
    const auto made = repaired(segment.rows, segment.packets, other);
    ASSERT_TRUE(made) << "the rows of another segment are no rows of this one";
    EXPECT_EQ(spool::read_file_header(spool::as_bytes(*made), spool::FileKind::rows)->counter,
              other.header.counter);
}

}  // namespace
}  // namespace packetsentry::worker
