// The index of a segment, from its beginning to its place.
#include <fcntl.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/spool/catalogue/spool_in_directory.h"

namespace packetsentry::spool {
namespace {

using test::kMinute;
using test::kStart;

struct IndexedSpool : test::SpoolTest {
    [[nodiscard]] std::string unfinished(std::uint64_t counter) const {
        return file_of(counter, SegmentFile::index) + ".new";
    }
};

TEST_F(IndexedSpool, PutsAnIndexInItsPlace) {
    const std::uint64_t counter = record();
    EXPECT_EQ(spool->without_index(), (std::vector<UnindexedSegment>{{12, counter}}));
    const auto begun = spool->begin_index(12, counter);
    ASSERT_TRUE(begun) << begun.error().message;
    EXPECT_EQ(begun->rows_bytes, 1000U);
    EXPECT_EQ(::fcntl(begun->rows.get(), F_GETFL) & O_ACCMODE, O_RDONLY);
    EXPECT_EQ(::fcntl(begun->index.get(), F_GETFL) & (O_ACCMODE | O_APPEND), O_WRONLY | O_APPEND);
    test::write_to(begun->index, std::string(200, 'i'));
    EXPECT_EQ(spool->index_written(12, counter).value(), 200U);
    EXPECT_FALSE(has(counter, SegmentFile::index)) << "it is not complete";
    const SegmentProgress before = segment(counter)->progress;
    test::write_to(begun->index, "not reported");
    ASSERT_TRUE(spool->end_index(12, counter, 200, test::progress_of(1, 2, 900, 0)));
    EXPECT_EQ(std::filesystem::file_size(file_of(counter, SegmentFile::index)), 200U);
    EXPECT_FALSE(std::filesystem::exists(unfinished(counter)));
    EXPECT_EQ(segment(counter)->progress, before) << "its worker has told";
    EXPECT_TRUE(spool->without_index().empty());
    reopen();
    EXPECT_TRUE(spool->without_index().empty());
    const auto readable = spool->open_to_read(12, counter);
    ASSERT_TRUE(readable);
    EXPECT_EQ(readable->index_bytes, 200U);
    EXPECT_EQ(test::mode_of(file_of(counter, SegmentFile::index)), 0600U);
}

// After a crash, nobody but the worker that makes the index knows when the rows were.
TEST_F(IndexedSpool, LearnsTheRowsOfASegmentThatACrashLeft) {
    {
        const BegunSegment begun = begin();
        test::write_to(begun.outputs.rows, std::string(936, 'r'));
    }
    reopen();
    const auto begun = spool->begin_index(12, 1);
    test::write_to(begun->index, std::string(200, 'i'));
    ASSERT_TRUE(spool->end_index(12, 1, 200, test::progress_of(kStart, kStart + kMinute, 900, 5)));
    reopen();
    EXPECT_EQ(segment(1)->progress, test::progress_of(kStart, kStart + kMinute, 1000, 0));
    EXPECT_FALSE(segment(1)->overlaps({.until_ns = kStart - 1}));
}

TEST_F(IndexedSpool, GetsNewRowsAfterACrash) {
    {
        const BegunSegment begun = begin();
        test::write_to(begun.outputs.rows, std::string(936, 'r'));
        test::write_to(begun.outputs.packets, std::string(3000, 'p'));
    }
    reopen();
    const auto begun = spool->begin_index(12, 1);
    ASSERT_TRUE(begun->repair);
    EXPECT_EQ(::fcntl(begun->repair->packets.get(), F_GETFL) & O_ACCMODE, O_RDONLY);
    EXPECT_EQ(::fcntl(begun->repair->rows.get(), F_GETFL) & (O_ACCMODE | O_APPEND), O_WRONLY | O_APPEND);
    EXPECT_EQ(begun->repair->packets_bytes, 3000U);
    EXPECT_EQ(begun->repair->header.counter, 1U);
    EXPECT_EQ(begun->repair->run, 1U);
    EXPECT_EQ(begun->repair->known_rows, 0U) << "nobody knows";
    test::write_to(begun->repair->rows, std::string(1200, 'n'));
    test::write_to(begun->index, std::string(200, 'i'));
    ASSERT_TRUE(spool->end_index(12, 1, 200, test::progress_of(kStart, kStart + kMinute, 1200, 0), 1200));
    EXPECT_EQ(test::bytes_of(file_of(1, SegmentFile::rows)), std::string(1200, 'n'));
    EXPECT_TRUE(spool->without_index().empty());
    reopen();
    EXPECT_EQ(segment(1)->progress, test::progress_of(kStart, kStart + kMinute, 1200, 3000));
    EXPECT_EQ(segment(1)->index_bytes, 200U);
}

TEST_F(IndexedSpool, GetsNewRowsOnceIfSomeAreMissing) {
    const std::uint64_t counter = record();
    {
        const auto whole = spool->begin_index(12, counter);
        EXPECT_FALSE(whole->repair);
        test::write_to(whole->index, std::string(200, 'i'));
    }
    const SegmentProgress known = segment(counter)->progress;
    ASSERT_TRUE(spool->end_index(12, counter, 200, known));
    spool->miss_rows(12, counter);
    EXPECT_EQ(spool->without_index(), (std::vector<UnindexedSegment>{{12, counter}}));
    const auto begun = spool->begin_index(12, counter);
    ASSERT_TRUE(begun->repair);
    EXPECT_EQ(begun->repair->first_number, known.first_number);
    EXPECT_EQ(begun->repair->number_limit, known.last_number + 1);
    EXPECT_EQ(begun->repair->known_rows, known.rows);
    const std::string rows = test::bytes_of(file_of(counter, SegmentFile::rows));
    test::write_to(begun->repair->rows, std::string(1200, 'n'));
    test::write_to(begun->index, std::string(300, 'i'));
    SegmentProgress fewer = known;
    fewer.rows -= 1;
    EXPECT_FALSE(spool->end_index(12, counter, 300, fewer, 1200)) << "rows cannot be taken away";
    EXPECT_EQ(test::bytes_of(file_of(counter, SegmentFile::rows)), rows);
    EXPECT_EQ(segment(counter)->index_bytes, 200U);
    EXPECT_FALSE(std::filesystem::exists(file_of(counter, SegmentFile::rows) + ".new"));
    spool->miss_rows(12, counter);
    EXPECT_TRUE(spool->without_index().empty()) << "it was tried";
}

// A worker that finds fewer rows than there were has met damage.
TEST_F(IndexedSpool, MissesRowsThatTheIndexDoesNotHave) {
    const std::uint64_t counter = record();
    const auto begun = spool->begin_index(12, counter);
    test::write_to(begun->index, std::string(200, 'i'));
    SegmentProgress fewer = segment(counter)->progress;
    fewer.rows -= 1;
    ASSERT_TRUE(spool->end_index(12, counter, 200, fewer));
    EXPECT_TRUE(segment(counter)->needs_repair());
    spool->remove(std::vector<Removal>{{.job = 12, .counter = counter, .part = RemovedPart::packets}});
    EXPECT_FALSE(segment(counter)->needs_repair()) << "there is nothing left to make them of";
}

// Numbers of rows count on from segment to segment of a run.
TEST_F(IndexedSpool, KnowsWhichNumbersTheOtherSegmentsHave) {
    record();
    {
        const BegunSegment begun = begin();
        test::write_to(begun.outputs.rows, std::string(936, 'r'));
        test::write_to(begun.outputs.packets, std::string(3000, 'p'));
    }
    reopen();
    const auto begun = spool->begin_index(12, 2);
    ASSERT_TRUE(begun->repair);
    EXPECT_EQ(begun->repair->first_number, 11U);
    EXPECT_EQ(begun->repair->number_limit, 0U);
}

TEST_F(IndexedSpool, RemovesRowsWhoseMakingWasInterrupted) {
    const std::uint64_t counter = record();
    const std::string rows = test::bytes_of(file_of(counter, SegmentFile::rows));
    spool->miss_rows(12, counter);
    test::write_to(spool->begin_index(12, counter)->repair->rows, "half");
    EXPECT_TRUE(std::filesystem::exists(file_of(counter, SegmentFile::rows) + ".new"));
    reopen();
    EXPECT_FALSE(std::filesystem::exists(file_of(counter, SegmentFile::rows) + ".new"));
    EXPECT_EQ(test::bytes_of(file_of(counter, SegmentFile::rows)), rows);
}

TEST_F(IndexedSpool, IsStillLookedAtIfNoRowCanBeRead) {
    {
        const BegunSegment begun = begin();
        test::write_to(begun.outputs.rows, std::string(936, 'r'));
    }
    reopen();
    test::write_to(spool->begin_index(12, 1)->index, std::string(200, 'i'));
    ASSERT_TRUE(spool->end_index(12, 1, 200, {}));
    EXPECT_TRUE(segment(1)->overlaps({.until_ns = 0}));
    EXPECT_TRUE(spool->without_index().empty());
}

TEST_F(IndexedSpool, RemovesAnIndexThatWasInterrupted) {
    const std::uint64_t counter = record();
    test::write_to(spool->begin_index(12, counter)->index, "partial");
    ASSERT_TRUE(std::filesystem::exists(unfinished(counter)));
    reopen();
    EXPECT_FALSE(std::filesystem::exists(unfinished(counter)));
    EXPECT_EQ(spool->without_index().size(), 1U);
}

TEST_F(IndexedSpool, BeginsAgainFromTheStart) {
    const std::uint64_t counter = record();
    test::write_to(spool->begin_index(12, counter)->index, std::string(500, 'a'));
    test::write_to(spool->begin_index(12, counter)->index, std::string(200, 'b'));
    ASSERT_TRUE(spool->end_index(12, counter, 200, {}));
    EXPECT_EQ(test::bytes_of(file_of(counter, SegmentFile::index)), std::string(200, 'b'));
    spool->discard_index(12, counter);
    EXPECT_TRUE(has(counter, SegmentFile::index)) << "it is finished";
}

TEST_F(IndexedSpool, RefusesWhatIsNoIndex) {
    const std::uint64_t counter = record();
    SegmentProgress impossible = test::progress_of(kStart, kStart, 1000, 0);
    impossible.first_number = 11;
    struct Case {
        std::uint64_t bytes;
        SegmentProgress found;
    };
    for (const Case& told : {Case{201, {}}, Case{0, {}}, Case{200, impossible}}) {
        test::write_to(spool->begin_index(12, counter)->index, std::string(200, 'i'));
        EXPECT_FALSE(spool->end_index(12, counter, told.bytes, told.found));
        EXPECT_FALSE(std::filesystem::exists(unfinished(counter)));
        EXPECT_FALSE(has(counter, SegmentFile::index));
    }
    EXPECT_FALSE(spool->end_index(12, counter, 200, {})) << "it was not begun";
    test::write_to(spool->begin_index(12, counter)->index, std::string(200, 'i'));
    spool->discard_index(12, counter);
    EXPECT_FALSE(std::filesystem::exists(unfinished(counter)));
}

TEST_F(IndexedSpool, HasNoIndexOfAnOpenOrARemovedSegment) {
    const BegunSegment open = begin();
    EXPECT_FALSE(spool->begin_index(12, open.header.counter));
    const std::uint64_t counter = record();
    const auto begun = spool->begin_index(12, counter);
    test::write_to(begun->index, std::string(200, 'i'));
    spool->remove(std::vector<Removal>{{.job = 12, .counter = counter}});
    EXPECT_FALSE(spool->end_index(12, counter, 200, {}));
    EXPECT_FALSE(std::filesystem::exists(unfinished(counter)));
    EXPECT_FALSE(has(counter, SegmentFile::index));
    EXPECT_TRUE(spool->without_index().empty());
}

TEST_F(IndexedSpool, MakesTheNewestFirst) {
    for (int i = 0; i < 3; ++i) record();
    EXPECT_EQ(spool->without_index(), (std::vector<UnindexedSegment>{{12, 3}, {12, 2}, {12, 1}}));
}

TEST_F(IndexedSpool, IsForgottenWithItsFile) {
    const std::uint64_t counter = record();
    test::write_to(spool->begin_index(12, counter)->index, std::string(200, 'i'));
    ASSERT_TRUE(spool->end_index(12, counter, 200, {}));
    spool.reset();
    std::filesystem::remove(file_of(counter, SegmentFile::index));
    reopen();
    EXPECT_EQ(spool->without_index().size(), 1U);
}

}  // namespace
}  // namespace packetsentry::spool
