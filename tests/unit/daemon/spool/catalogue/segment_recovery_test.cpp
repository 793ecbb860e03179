// What a spool finds when it is opened after its daemon was stopped at any moment, or after somebody has
// touched its files.
#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/spool/format/checksum.h"
#include "tests/unit/daemon/spool/catalogue/spool_in_directory.h"

namespace packetsentry::spool {
namespace {

using test::kHour;
using test::kMinute;
using test::kStart;

struct RecoveredSpool : test::SpoolTest {
    [[nodiscard]] std::string catalogue() const { return test::bytes_of(in_job("catalogue")); }
    void set_catalogue(std::string_view bytes) const { test::make_file(in_job("catalogue"), bytes); }

    // The file with a header that says this version.
    static void set_version(const std::string& file, char version) {
        std::string bytes = test::bytes_of(file);
        bytes[8] = version;
        std::string header = bytes.substr(0, kFileHeaderBytes - 8);
        proto::append_number(header, checksum(as_bytes(header), 0));
        test::make_file(file, header + bytes.substr(kFileHeaderBytes));
    }
};

// Nothing is known of the rows until an index is made, so each search has to look at the segment.
TEST_F(RecoveredSpool, ClosesWhatACrashLeftOpen) {
    const BegunSegment begun = begin({.owner_uid = 1001});
    test::write_to(begun.outputs.rows, std::string(500, 'r'));
    test::write_to(begun.outputs.packets, std::string(700, 'p'));
    ASSERT_TRUE(spool->note_progress(12, 1, test::progress_of(kStart, kStart, 264, 300)));
    reopen(kStart + kHour);
    const Segment found = *segment(1);
    EXPECT_EQ(found.state, SegmentState::closed);
    EXPECT_EQ(found.progress, (SegmentProgress{.rows_bytes = 564, .packets_bytes = 700}));
    EXPECT_EQ(found.owner_uid, 1001U);
    EXPECT_EQ(*found.terms, "terms");
    EXPECT_NE(found.closed_ns, 0);
    EXPECT_FALSE(found.rows_known());
    EXPECT_TRUE(found.overlaps({.until_ns = 0}));
    EXPECT_EQ(spool->without_index(), (std::vector<UnindexedSegment>{{12, 1}}));
    EXPECT_EQ(spool->open_to_read(12, 1)->rows_bytes, 564U);
    reopen(kStart + 2 * kHour);
    EXPECT_EQ(record_of(*segment(1)), record_of(found)) << "it is closed once";
}

TEST_F(RecoveredSpool, RemovesAnOpenSegmentThatNeverHadARow) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.packets, "the beginning of a section");
    reopen();
    EXPECT_TRUE(all().empty());
    EXPECT_FALSE(has(1, SegmentFile::rows));
    EXPECT_FALSE(has(1, SegmentFile::packets));
    EXPECT_EQ(record(), 2U);
}

TEST_F(RecoveredSpool, AbandonsASegmentLikeACrash) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(500, 'r'));
    const BegunSegment empty = begin();
    ASSERT_TRUE(spool->abandon_segment(12, 1, kStart + kMinute));
    ASSERT_TRUE(spool->abandon_segment(12, 2, kStart + kMinute));
    EXPECT_FALSE(spool->abandon_segment(12, 1, kStart));
    EXPECT_EQ(segment(1)->progress, (SegmentProgress{.rows_bytes = 564}));
    EXPECT_EQ(all().size(), 1U);
    EXPECT_FALSE(has(2, SegmentFile::rows));
}

// A worker goes on writing to files that have no name any more.
TEST_F(RecoveredSpool, GoesOnInADirectoryThatWasRemovedUnderAWorker) {
    record();
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(500, 'r'));
    const SegmentProgress reported = test::progress_of(kStart, kStart + kMinute, 564, 0);
    ASSERT_TRUE(spool->note_progress(12, 2, reported));
    EXPECT_TRUE(spool->has_written(12, 2, reported));
    std::filesystem::remove_all(in_job(""));
    EXPECT_FALSE(spool->has_written(12, 2, reported));
    ASSERT_TRUE(spool->abandon_segment(12, 2, kStart + kMinute));
    EXPECT_EQ(segment(2)->state, SegmentState::removed);
    EXPECT_EQ(segment(2)->times().until_ns, kStart + kMinute) << "what was there is told as gone";
    EXPECT_EQ(record(), 3U);
    reopen();
    EXPECT_EQ(segment(1)->state, SegmentState::removed);
    EXPECT_EQ(segment(2)->progress, reported);
    EXPECT_EQ(segment(3)->state, SegmentState::closed);
}

TEST_F(RecoveredSpool, NoticesThatAFileOfAWorkerWasTruncated) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(500, 'r'));
    test::write_to(begun.outputs.packets, std::string(700, 'p'));
    const SegmentProgress reported = test::progress_of(kStart, kStart, 564, 700);
    EXPECT_TRUE(spool->has_written(12, 1, reported));
    std::filesystem::resize_file(file_of(1, SegmentFile::packets), 699);
    EXPECT_FALSE(spool->has_written(12, 1, reported));
    EXPECT_TRUE(spool->has_written(12, 1, test::progress_of(kStart, kStart, 564, 699)));
    std::filesystem::remove(file_of(1, SegmentFile::packets));
    EXPECT_FALSE(spool->has_written(12, 1, reported));
}

TEST_F(RecoveredSpool, TruncatesAPartialRecordAndGoesOn) {
    record();
    const std::string one = catalogue();
    record();
    const std::string two = catalogue();
    for (std::size_t size = one.size() + 1; size < two.size(); size += 7) {
        spool.reset();
        set_catalogue(std::string_view(two).substr(0, size));
        reopen();
        ASSERT_EQ(all().size(), 2U) << size;
        EXPECT_EQ(segment(1)->state, SegmentState::closed);
        EXPECT_EQ(segment(2)->state, SegmentState::closed) << "of what its files say";
        EXPECT_EQ(catalogue().size() % 8, 0U);
        const std::uint64_t next = record();
        EXPECT_GT(next, 2U);
        reopen();
        EXPECT_EQ(segment(next)->owner_uid, 1000U) << size;
        std::filesystem::remove(file_of(next, SegmentFile::rows));
        std::filesystem::remove(file_of(next, SegmentFile::packets));
    }
}

// A segment whose records are damaged is there, but nobody knows whose it is.
TEST_F(RecoveredSpool, SkipsDamagedRecords) {
    record();
    const std::size_t begin_of_second = catalogue().size();
    record();
    const std::size_t end_of_second = catalogue().size();
    record();
    std::string bytes = catalogue();
    spool.reset();
    for (std::size_t at = begin_of_second; at < end_of_second; at += 40)
        bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    set_catalogue(bytes);
    reopen();
    ASSERT_EQ(all().size(), 3U);
    ASSERT_EQ(spool->problems().size(), 1U);
    EXPECT_NE(spool->problems()[0].find("damaged bytes"), std::string::npos) << spool->problems()[0];
    EXPECT_TRUE(segment(1)->owner_known());
    EXPECT_FALSE(segment(2)->owner_known());
    EXPECT_EQ(segment(2)->progress, (SegmentProgress{.rows_bytes = 1000, .packets_bytes = 3000}));
    EXPECT_EQ(segment(2)->table, test::kPackets);
    EXPECT_EQ(segment(2)->state, SegmentState::closed);
    EXPECT_TRUE(segment(3)->owner_known());
    EXPECT_GT(record(), 3U);
}

TEST_F(RecoveredSpool, AdoptsSegmentsWithoutACatalogue) {
    record();
    record({.table = test::kFlows, .packets_bytes = 0});
    spool.reset();
    std::filesystem::remove(in_job("catalogue"));
    reopen();
    ASSERT_EQ(all().size(), 2U);
    EXPECT_EQ(segment(2)->table, test::kFlows);
    EXPECT_EQ(segment(2)->packets, PacketsState::none);
    EXPECT_EQ(segment(2)->run, 0U);
    EXPECT_EQ(*segment(2)->terms, "");
    EXPECT_EQ(record(), 3U);
    reopen();
    EXPECT_FALSE(segment(1)->owner_known());
}

TEST_F(RecoveredSpool, SetsADamagedCatalogueAside) {
    record();
    ASSERT_EQ(spool->remove(std::vector<Removal>{{.job = 12, .counter = record()}}).segments, 1U);
    spool.reset();
    std::string bytes = catalogue();
    bytes[60] = static_cast<char>(bytes[60] ^ 1);
    set_catalogue(bytes);
    reopen();
    EXPECT_EQ(test::bytes_of(in_job("catalogue.damaged")), bytes);
    ASSERT_EQ(spool->problems().size(), 1U);
    EXPECT_NE(spool->problems()[0].find("catalogue.damaged"), std::string::npos);
    EXPECT_EQ(all().size(), 1U);
    EXPECT_GT(record(), 2U) << "2 was given to a segment of which nothing is left";
}

TEST_F(RecoveredSpool, LeavesACatalogueOfANewerVersionAlone) {
    record();
    record({.job = 13});
    spool.reset();
    set_version(in_job("catalogue"), 2);
    const std::string bytes = catalogue();
    reopen();
    ASSERT_EQ(spool->problems().size(), 1U);
    EXPECT_NE(spool->problems()[0].find(in_job("catalogue")), std::string::npos);
    EXPECT_NE(spool->problems()[0].find("version 2"), std::string::npos);
    EXPECT_EQ(spool->jobs(), std::vector<std::uint64_t>{13});
    EXPECT_FALSE(spool->begin_segment({.job = 12, .table = 1}, kStart)) << "no second catalogue is made";
    EXPECT_EQ(catalogue(), bytes);
}

TEST_F(RecoveredSpool, DoesNotUseACatalogueOfAnotherJob) {
    record();
    std::filesystem::create_directory(path + "/13");
    std::filesystem::copy(in_job("catalogue"), in_job("catalogue", 13));
    reopen();
    EXPECT_EQ(spool->jobs(), std::vector<std::uint64_t>{12});
    ASSERT_EQ(spool->problems().size(), 1U);
    EXPECT_NE(spool->problems()[0].find("another job"), std::string::npos);
}

TEST_F(RecoveredSpool, LeavesForeignFilesAlone) {
    record();
    const std::string rows = test::bytes_of(file_of(1, SegmentFile::rows));
    spool.reset();
    const std::vector<std::string> kForeign = {"notes.txt",
                                               "catalogue~",
                                               "0000000007-20261130T222328Z.rows.bak",
                                               "0000000007-20261130T222328Z.rows",
                                               "0000000008-20261130T222328Z.pcapng",
                                               "0000000001-20251130T222328Z.rows",
                                               "x.new"};
    // The first of them was made for segment 1, the others have no header.
    for (const std::string& name : kForeign) test::make_file(in_job(name), name);
    test::make_file(in_job("0000000007-20261130T222328Z.rows"), rows);
    reopen();
    EXPECT_EQ(all().size(), 1U);
    for (const std::string& name : kForeign) EXPECT_TRUE(std::filesystem::exists(in_job(name))) << name;
    EXPECT_EQ(record(), 9U) << "their counters are not used";
}

TEST_F(RecoveredSpool, DoesNotAdoptRowsOfAnotherSpoolOrVersion) {
    record();
    const std::string rows = file_of(1, SegmentFile::rows);
    spool.reset();
    std::filesystem::remove(in_job("catalogue"));
    set_version(rows, 2);
    reopen();
    EXPECT_TRUE(all().empty());
    EXPECT_TRUE(std::filesystem::exists(rows));
    EXPECT_EQ(record(), 2U);
}

TEST_F(RecoveredSpool, FollowsNoLinkInTheDirectoryOfAJob) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(500, 'r'));
    record();
    const std::string target = temporary.path() + "/target";
    test::make_file(target, std::string(1000, 't'));
    spool.reset();
    for (const std::uint64_t counter : {1U, 2U}) {
        std::filesystem::remove(file_of(counter, SegmentFile::rows));
        std::filesystem::create_symlink(target, file_of(counter, SegmentFile::rows));
    }
    reopen();
    EXPECT_EQ(spool->problems().size(), 1U) << "the open segment";
    EXPECT_FALSE(spool->open_to_read(12, 2));
    spool->remove(std::vector<Removal>{{.job = 12, .counter = 2}});
    EXPECT_FALSE(has(2, SegmentFile::rows));
    EXPECT_EQ(test::bytes_of(target), std::string(1000, 't'));
}

TEST_F(RecoveredSpool, DoesNotUseALinkInThePlaceOfAJob) {
    record();
    spool.reset();
    std::filesystem::rename(path + "/12", temporary.path() + "/12");
    std::filesystem::create_directory_symlink(temporary.path() + "/12", path + "/12");
    reopen();
    EXPECT_TRUE(spool->jobs().empty());
    EXPECT_EQ(spool->problems().size(), 1U);
}

// Records are written after files have been removed, and may be missing.
TEST_F(RecoveredSpool, NoticesFilesThatAreGone) {
    for (int i = 0; i < 3; ++i) record();
    spool.reset();
    std::filesystem::remove(file_of(1, SegmentFile::packets));
    std::filesystem::remove(file_of(2, SegmentFile::rows));
    reopen();
    EXPECT_EQ(segment(1)->state, SegmentState::closed);
    EXPECT_EQ(segment(1)->packets, PacketsState::removed);
    EXPECT_EQ(segment(2)->state, SegmentState::removed);
    EXPECT_EQ(segment(2)->progress.first_time_ns, kStart) << "its times are still known";
    EXPECT_FALSE(has(2, SegmentFile::packets)) << "packets have no use without rows";
    EXPECT_EQ(segment(3)->packets, PacketsState::kept);
}

TEST_F(RecoveredSpool, FinishesARemoval) {
    const std::uint64_t counter = record();
    const std::string rows = test::bytes_of(file_of(counter, SegmentFile::rows));
    spool->remove(std::vector<Removal>{{.job = 12, .counter = counter}});
    spool.reset();
    test::make_file(file_of(counter, SegmentFile::rows), rows);
    reopen();
    EXPECT_FALSE(has(counter, SegmentFile::rows));
    EXPECT_EQ(segment(counter)->state, SegmentState::removed);
}

TEST_F(RecoveredSpool, WritesRecordsLaterThatCouldNotBeWritten) {
    record();
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(936, 'r'));
    // Somebody has put a file of another length there: nothing is appended to it.
    const std::string before = catalogue();
    set_catalogue(before + "junk");
    std::filesystem::create_directory(in_job("catalogue.new"));
    ASSERT_TRUE(spool->close_segment(12, 2, test::progress_of(kStart, kStart, 1000, 0), kStart));
    EXPECT_EQ(segment(2)->state, SegmentState::closed);
    EXPECT_FALSE(spool->save());
    EXPECT_FALSE(spool->begin_segment({.job = 12, .table = 1}, kStart)) << "its owner would not be known";
    EXPECT_EQ(all().size(), 2U);
    std::filesystem::remove(in_job("catalogue.new"));
    EXPECT_TRUE(spool->save());
    const Segment closed = *segment(2);
    reopen();
    EXPECT_EQ(record_of(*segment(2)), record_of(closed));
    EXPECT_GE(record(), 3U);
}

TEST_F(RecoveredSpool, WritesTheCatalogueAnewWhenMostRecordsWereReplaced) {
    record();
    std::size_t longest = 0;
    for (int i = 0; i < 400; ++i) {
        const BegunSegment begun = begin();
        ASSERT_TRUE(spool->close_segment(12, begun.header.counter, {.rows_bytes = 64}, kStart));
        longest = std::max(longest, catalogue().size());
    }
    EXPECT_LT(longest, 264 * 144U);
    EXPECT_LT(catalogue().size(), longest);
    reopen();
    EXPECT_EQ(all().size(), 1U);
    EXPECT_EQ(record(), 402U) << "no counter is given again";
}

}  // namespace
}  // namespace packetsentry::spool
