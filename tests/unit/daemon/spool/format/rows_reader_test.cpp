#include "daemon/spool/format/rows_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/test_batch.h"
#include "tests/unit/daemon/spool/format/sample_segment.h"

namespace packetsentry::spool {
namespace {

constexpr std::uint32_t kBlocks = 3;

std::string payload_of(std::uint32_t block) {
    return test::test_batch_bytes(1 + 2 * block, 2);
}

// A header and three blocks of two rows.
std::string three_blocks() {
    const FileHeader header = test::sample_header(FileKind::rows);
    std::string file = encode(header);
    for (std::uint32_t block = 0; block < kBlocks; ++block) {
        const BlockFacts facts{.block = block,
                               .run = 1,
                               .rows = 2,
                               .first_number = 1 + 2 * block,
                               .first_time_ns = 1000,
                               .last_time_ns = 1010};
        EXPECT_TRUE(append_frame(file, facts, {}, payload_of(block), header.seed()));
    }
    return file;
}

std::size_t frame_bytes() {
    return (three_blocks().size() - kFileHeaderBytes) / kBlocks;
}

struct Walk {
    std::vector<std::uint32_t> blocks = {};
    std::vector<Unreadable> unreadable = {};
};

// Reads all of it, and checks that no byte is left out.
Walk walk(Bytes file) {
    Walk seen;
    auto reader = RowsReader::open(file);
    if (!reader) return seen;
    std::uint64_t at = kFileHeaderBytes;
    while (const auto next = reader->next()) {
        EXPECT_EQ(at, *next ? (*next)->offset : next->error().offset);
        if (*next) {
            EXPECT_EQ(as_text((*next)->payload), payload_of((*next)->facts.block));
            seen.blocks.push_back((*next)->facts.block);
            at += (*next)->size;
        } else {
            seen.unreadable.push_back(next->error());
            at += next->error().bytes;
        }
    }
    EXPECT_EQ(at, file.size());
    return seen;
}

TEST(RowsReader, ReadsFrameAfterFrame) {
    const std::string file = three_blocks();
    const Walk seen = walk(as_bytes(file));
    EXPECT_EQ(seen.blocks, (std::vector<std::uint32_t>{0, 1, 2}));
    EXPECT_TRUE(seen.unreadable.empty());
}

TEST(RowsReader, FindsNothingInAnEmptySegment) {
    const std::string file = encode(test::sample_header(FileKind::rows));
    EXPECT_TRUE(walk(as_bytes(file)).blocks.empty());
    EXPECT_FALSE(RowsReader::open(as_bytes(file)).value().next());
}

TEST(RowsReader, StopsAtAPartialFrame) {
    const std::string file = three_blocks();
    const std::size_t size = frame_bytes();
    for (std::size_t length = kFileHeaderBytes; length < file.size(); ++length) {
        const Walk seen = walk(as_bytes(file).first(length));
        EXPECT_EQ(seen.blocks.size(), (length - kFileHeaderBytes) / size) << length;
        const bool whole = (length - kFileHeaderBytes) % size == 0;
        ASSERT_EQ(seen.unreadable.size(), whole ? 0U : 1U) << length;
        if (whole) continue;
        EXPECT_EQ(seen.unreadable[0].problem, FrameProblem::partial) << length;
    }
}

// Whatever the byte, and whatever it becomes, the other blocks can be read.
TEST(RowsReader, AWrongByteCostsOneBlock) {
    const std::string file = three_blocks();
    const std::size_t size = frame_bytes();
    for (std::size_t at = kFileHeaderBytes; at < file.size(); ++at) {
        for (const int change : {0x01, 0x80, 0xFF}) {
            std::string wrong = file;
            wrong[at] = static_cast<char>(wrong[at] ^ change);
            const auto damaged = static_cast<std::uint32_t>((at - kFileHeaderBytes) / size);
            const Walk seen = walk(as_bytes(wrong));
            ASSERT_EQ(seen.blocks.size(), kBlocks - 1) << at;
            EXPECT_EQ(std::ranges::count(seen.blocks, damaged), 0) << at;
            ASSERT_EQ(seen.unreadable.size(), 1U) << at;
            EXPECT_EQ(seen.unreadable[0].bytes, size) << at;
            const bool in_body = (at - kFileHeaderBytes) % size >= kFrameHeaderBytes;
            EXPECT_EQ(seen.unreadable[0].facts.has_value(), in_body) << at;
        }
    }
}

TEST(RowsReader, GoesOnBehindNoise) {
    std::string file = three_blocks();
    const std::size_t size = frame_bytes();
    file.replace(kFileHeaderBytes + kFrameHeaderBytes, size, size, '\x5a');
    const Walk seen = walk(as_bytes(file));
    EXPECT_EQ(seen.blocks, std::vector<std::uint32_t>{2});
    EXPECT_EQ(seen.unreadable.size(), 2U);
}

TEST(RowsReader, DoesNotTakeAFrameOfAnotherFile) {
    const std::string file = three_blocks();
    FileHeader other = test::sample_header(FileKind::rows);
    other.counter++;
    const std::string foreign = encode(other) + file.substr(kFileHeaderBytes);
    EXPECT_TRUE(walk(as_bytes(foreign)).blocks.empty());
}

// A damaged frame whose payload has bytes that look like a frame to whoever does not know the seed.
TEST(RowsReader, DoesNotTakeBytesOfAPacketForAFrame) {
    std::string planted;
    const BlockFacts facts{.block = 0, .run = 1, .rows = 1, .first_number = 1};
    ASSERT_TRUE(append_frame(planted, facts, {}, "planted", 0));
    const FileHeader header = test::sample_header(FileKind::rows);
    std::string file = encode(header);
    ASSERT_TRUE(append_frame(file, {.run = 1, .rows = 1, .first_number = 1}, {}, planted, header.seed()));
    file[kFileHeaderBytes] = 'x';
    const Walk seen = walk(as_bytes(file));
    EXPECT_TRUE(seen.blocks.empty());
    EXPECT_EQ(seen.unreadable.size(), 1U);
}

// Whoever can write right checksums may claim, 10,000 times, that a frame of 2 MiB begins. If the reader
// looked at the body of each, it would look at 20 GB here.
TEST(RowsReader, LooksAtNoBodyOfAFrameThatDoesNotFollow) {
    const FileHeader header = test::sample_header(FileKind::rows);
    std::string file = encode(header);
    for (std::uint32_t block = 0; block < 2; ++block)
        ASSERT_TRUE(append_frame(file, {.block = block, .run = 1, .rows = 1, .first_number = 1}, {},
                                 payload_of(block), header.seed()));
    std::string earlier;
    ASSERT_TRUE(append_frame(earlier, {.block = 0, .run = 1, .rows = 1, .first_number = 1}, {},
                             std::string(kPayloadLimit / 2, 'x'), header.seed()));
    for (int i = 0; i < 10'000; ++i) file += earlier.substr(0, kFrameHeaderBytes);
    file += std::string(kPayloadLimit, 'x');
    const Walk seen = walk(as_bytes(file));
    EXPECT_EQ(seen.blocks, (std::vector<std::uint32_t>{0, 1}));
    EXPECT_EQ(seen.unreadable.size(), 10'000U);
}

TEST(RowsReader, TakesNoBlockTwice) {
    const std::string file = three_blocks();
    const Walk seen = walk(as_bytes(file + file.substr(kFileHeaderBytes, frame_bytes())));
    EXPECT_EQ(seen.blocks, (std::vector<std::uint32_t>{0, 1, 2}));
    EXPECT_EQ(seen.unreadable.size(), 1U);
}

}  // namespace
}  // namespace packetsentry::spool
