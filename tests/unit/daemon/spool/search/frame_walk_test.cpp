// A walk over a file finds what a reader finds that has the whole file in memory.
#include "daemon/spool/search/frame_walk.h"

#include "daemon/spool/format/rows_reader.h"
#include "tests/unit/daemon/spool/search/searched_segments.h"

namespace packetsentry::spool {
namespace {

// "frame 0 at 64, 300 bytes", "unreadable 2 at 364, 80 bytes".
std::string told(const Frame& frame) {
    return "frame " + std::to_string(frame.facts.block) + " at " + std::to_string(frame.offset) + ", " +
           std::to_string(frame.size) + " bytes, " + std::to_string(frame.payload.size());
}

std::string told(const Unreadable& bytes) {
    return "unreadable " + std::to_string(static_cast<int>(bytes.problem)) + " at " +
           std::to_string(bytes.offset) + ", " + std::to_string(bytes.bytes) + " bytes" +
           (bytes.facts ? " of block " + std::to_string(bytes.facts->block) : "");
}

std::vector<std::string> read_whole(const std::string& file) {
    std::vector<std::string> pieces;
    auto reader = RowsReader::open(as_bytes(file)).value();
    while (const auto next = reader.next()) pieces.push_back(*next ? told(**next) : told(next->error()));
    return pieces;
}

std::vector<std::string> walked(FrameWalk& walk, const TimeRange& times = {}) {
    std::vector<std::string> pieces;
    while (true) {
        const auto piece = walk.next(times);
        EXPECT_TRUE(piece);
        if (!piece || !*piece) return pieces;
        pieces.push_back(std::visit([](const auto& it) { return told(it); }, **piece));
    }
}

std::vector<std::string> walk_through(const std::string& bytes) {
    const SpoolFile file = memory_file(bytes);
    FrameWalk walk(file, test::sample_header(FileKind::rows).seed());
    walk.begin({.begin = kFileHeaderBytes, .end = bytes.size()});
    return walked(walk);
}

// What an outline has is what the walk finds, piece by piece.
std::vector<std::string> outlined(const std::string& bytes) {
    const SpoolFile file = memory_file(bytes);
    FrameWalk walk(file, test::sample_header(FileKind::rows).seed());
    std::vector<std::string> pieces;
    std::uint64_t at = kFileHeaderBytes;
    const auto stretches = walk.outline({.begin = kFileHeaderBytes, .end = bytes.size()}, TimeRange{});
    EXPECT_TRUE(stretches);
    for (const Stretch& stretch : *stretches) {
        EXPECT_EQ(stretch.begin, at);
        at = stretch.end;
        walk.begin(stretch);
        for (const std::string& piece : walked(walk)) pieces.push_back(piece);
    }
    EXPECT_EQ(at, std::max<std::uint64_t>(bytes.size(), kFileHeaderBytes));
    return pieces;
}

TEST(FrameWalk, FindsTheFramesOfAWholeFile) {
    RandomSegment segment(3, 280, 200);  // more than is read at once
    const std::string& bytes = segment.file.bytes();
    ASSERT_GT(bytes.size(), 1024U * 1024U);
    EXPECT_EQ(walk_through(bytes), read_whole(bytes));
    EXPECT_EQ(outlined(bytes), read_whole(bytes));
}

TEST(FrameWalk, UsesTheRoomOfAnother) {
    RandomSegment segment(3, 20, 200), other(4, 20, 200);
    const SpoolFile file = memory_file(segment.file.bytes()), other_file = memory_file(other.file.bytes());
    const std::uint64_t seed = test::sample_header(FileKind::rows).seed();
    FrameWalk walk(file, seed);
    walk.begin({.begin = kFileHeaderBytes, .end = segment.file.bytes().size()});
    EXPECT_EQ(walked(walk), read_whole(segment.file.bytes()));
    FrameWalk next(other_file, seed, walk.take_buffer());
    next.begin({.begin = kFileHeaderBytes, .end = other.file.bytes().size()});
    EXPECT_EQ(walked(next), read_whole(other.file.bytes()));
    // It can begin anew afterwards.
    EXPECT_FALSE(next.take_buffer().empty());
    EXPECT_TRUE(next.take_buffer().empty());
    next.begin({.begin = kFileHeaderBytes, .end = other.file.bytes().size()});
    EXPECT_EQ(walked(next), read_whole(other.file.bytes()));
}

TEST(FrameWalk, FindsWhatIsDamaged) {
    RandomSegment segment(4, 6, 3);
    std::minstd_rand random(5);
    for (int round = 0; round < 400; ++round) {
        std::string bytes = segment.file.bytes();
        for (std::uint32_t wrong = 0; wrong <= random() % 4; ++wrong)
            bytes[kFileHeaderBytes + random() % (bytes.size() - kFileHeaderBytes)] ^= 0x20;
        if (round % 3 == 0) bytes.resize(kFileHeaderBytes + random() % (bytes.size() - kFileHeaderBytes));
        ASSERT_EQ(walk_through(bytes), read_whole(bytes)) << round;
        (void)outlined(bytes);
    }
}

TEST(FrameWalk, ReportsWhatAShorterFileLacks) {
    RandomSegment segment(6, 4);
    const std::string& bytes = segment.file.bytes();
    SpoolFile shorter = memory_file(bytes.substr(0, bytes.size() - 16));
    FrameWalk walk(shorter, test::sample_header(FileKind::rows).seed());
    walk.begin({.begin = kFileHeaderBytes, .end = bytes.size()});
    const auto pieces = walked(walk);
    ASSERT_EQ(pieces.size(), 4U);
    EXPECT_EQ(pieces.back().substr(0, 12), "unreadable 0");
    walk.begin({.begin = kFileHeaderBytes, .end = bytes.size() + (1ULL << 40)});
    EXPECT_EQ(walked(walk).size(), 5U) << "and does not look for bytes that are not there";
}

TEST(FrameWalk, PassesOverFramesOfOtherTimes) {
    RowsFile rows;
    for (std::int64_t time = 0; time < 5; ++time) rows.add(one_row({.time_ns = 100 * time}));
    const SpoolFile file = memory_file(rows.bytes());
    FrameWalk walk(file, test::sample_header(FileKind::rows).seed());
    walk.begin({.begin = kFileHeaderBytes, .end = rows.bytes().size()});
    const auto pieces = walked(walk, {.since_ns = 100, .until_ns = 300});
    ASSERT_EQ(pieces.size(), 2U);
    EXPECT_EQ(pieces[0].substr(0, 7), "frame 1");
    EXPECT_EQ(pieces[1].substr(0, 7), "frame 2");
    EXPECT_EQ(walk.passed_over(), 3U);
    EXPECT_EQ(walk.outline({.begin = kFileHeaderBytes, .end = rows.bytes().size()}, TimeRange{.until_ns = 1})
                  .value()
                  .size(),
              1U);
}

}  // namespace
}  // namespace packetsentry::spool
