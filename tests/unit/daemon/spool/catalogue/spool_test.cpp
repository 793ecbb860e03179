#include "daemon/spool/catalogue/spool.h"

#include <fcntl.h>

#include <algorithm>
#include <limits>

#include "daemon/spool/format/checksum.h"
#include "daemon/spool/format/rows_frame.h"
#include "tests/unit/daemon/spool/catalogue/spool_in_directory.h"

namespace packetsentry::spool {
namespace {

using test::kHour;
using test::kMinute;
using test::kStart;

struct OpenedSpool : test::SpoolTest {};

TEST_F(OpenedSpool, BelongsToItsUserAloneWhateverTheUmask) {
    for (const mode_t mask : {0000U, 0077U, 0277U}) {
        const mode_t before = ::umask(mask);
        const std::string other = temporary.path() + "/" + std::to_string(mask);
        auto opened = Spool::open(other, kStart);
        ASSERT_TRUE(opened) << opened.error().message;
        const auto begun = opened->begin_segment({.job = 3, .table = 1, .with_packets = true}, kStart);
        ::umask(before);
        ASSERT_TRUE(begun) << begun.error().message;
        EXPECT_EQ(test::mode_of(other), 0700U);
        for (const auto& file : std::filesystem::recursive_directory_iterator(other))
            EXPECT_EQ(test::mode_of(file.path()), file.is_directory() ? 0700U : 0600U) << file.path();
    }
}

TEST_F(OpenedSpool, HasARandomIdentityThatStays) {
    const SpoolId id = spool->id();
    EXPECT_EQ(id[6] & std::byte{0xF0}, std::byte{0x40});  // version 4 of RFC 9562
    EXPECT_EQ(id[8] & std::byte{0xC0}, std::byte{0x80});
    const std::string bytes = test::bytes_of(path + "/spool");
    const auto header = read_file_header(as_bytes(bytes), FileKind::identity);
    ASSERT_TRUE(header);
    EXPECT_EQ(*header, (FileHeader{.kind = FileKind::identity, .spool = id, .created_ns = kStart}));
    EXPECT_EQ(bytes.size(), kFileHeaderBytes);
    reopen();
    EXPECT_EQ(spool->id(), id);
    EXPECT_NE(Spool::open(temporary.path() + "/other", kStart)->id(), id);
}

TEST_F(OpenedSpool, ForgetsTheOldestJobsOfWhichNothingIsLeft) {
    for (std::uint64_t job = 1; job <= 6; ++job) record({.job = job});
    for (const std::uint64_t job : {1U, 2U, 3U, 5U})
        spool->remove(std::vector{Removal{.job = job, .counter = 1}});
    test::make_file(in_job("notes", 2), "somebody's");
    spool->forget_gone({1}, 1);
    EXPECT_EQ(spool->jobs(), (std::vector<std::uint64_t>{1, 2, 4, 5, 6}))
        << "1 is live, 2 has a file that is not of the spool, 5 is the one that is remembered";
    EXPECT_FALSE(std::filesystem::exists(path + "/3"));
    EXPECT_TRUE(std::filesystem::exists(in_job("notes", 2)));
    EXPECT_EQ(all(5).size(), 1U);
    reopen();
    EXPECT_EQ(spool->jobs(), (std::vector<std::uint64_t>{1, 2, 4, 5, 6}));
    std::filesystem::remove(in_job("notes", 2));
    spool->forget_gone({}, 0);
    EXPECT_EQ(spool->jobs(), (std::vector<std::uint64_t>{4, 6}));
}

TEST_F(OpenedSpool, RefusesASecondDaemon) {
    EXPECT_NE(refusal(path).find("another packetsentryd uses this spool"), std::string::npos);
    spool.reset();
    EXPECT_TRUE(Spool::open(path, kStart));
}

TEST_F(OpenedSpool, RefusesWhatOthersMayWrite) {
    spool.reset();
    for (const mode_t mode : {0770U, 0707U, 0722U}) {
        std::filesystem::permissions(path, std::filesystem::perms(mode));
        EXPECT_NE(refusal(path).find("can be written by others"), std::string::npos) << mode;
    }
}

TEST_F(OpenedSpool, RefusesADirectoryOfSomebodyElse) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
    spool.reset();
    ASSERT_EQ(::chown(path.c_str(), 1, 1), 0);
    EXPECT_NE(refusal(path).find("belongs to uid 1"), std::string::npos);
}

TEST_F(OpenedSpool, FollowsNoLink) {
    spool.reset();
    const std::string link = temporary.path() + "/link";
    std::filesystem::create_symlink(path, link);
    EXPECT_NE(refusal(link).find("symbolic link"), std::string::npos);
    const std::string target = temporary.path() + "/target";
    test::make_file(target, test::bytes_of(path + "/spool"));
    std::filesystem::remove(path + "/spool");
    std::filesystem::create_symlink(target, path + "/spool");
    EXPECT_NE(refusal(path).find("symbolic link"), std::string::npos);
}

TEST_F(OpenedSpool, RefusesANewerVersionByNameAndDoesNotChangeIt) {
    spool.reset();
    std::string bytes = test::bytes_of(path + "/spool");
    bytes[8] = 2;
    bytes.resize(kFileHeaderBytes - 8);
    proto::append_number(bytes, checksum(as_bytes(bytes), 0));
    test::make_file(path + "/spool", bytes);
    const std::string message = refusal(path);
    EXPECT_NE(message.find(path + "/spool"), std::string::npos) << message;
    EXPECT_NE(message.find("version 2"), std::string::npos) << message;
    EXPECT_EQ(test::bytes_of(path + "/spool"), bytes);
}

TEST_F(OpenedSpool, RefusesADamagedIdentity) {
    spool.reset();
    std::string bytes = test::bytes_of(path + "/spool");
    bytes[20] = static_cast<char>(bytes[20] ^ 1);
    test::make_file(path + "/spool", bytes);
    EXPECT_NE(refusal(path).find("damaged header"), std::string::npos);
    test::make_file(path + "/spool", "");
    EXPECT_NE(refusal(path).find("is no identity of a spool"), std::string::npos);
}

// A new identity would make everything that was recorded unreadable.
TEST_F(OpenedSpool, RefusesJobsWithoutAnIdentity) {
    record();
    spool.reset();
    std::filesystem::remove(path + "/spool");
    EXPECT_NE(refusal(path).find("'spool' is missing"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(path + "/spool"));
}

TEST_F(OpenedSpool, MakesItsIdentityAfterACrashInBetween) {
    spool.reset();
    std::filesystem::rename(path + "/spool", path + "/spool.new");
    reopen();
    EXPECT_FALSE(std::filesystem::exists(path + "/spool.new"));
}

TEST_F(OpenedSpool, HasTheJobsThatWereRecorded) {
    record({.job = 3});
    record({.job = 20});
    std::filesystem::create_directory(path + "/notes");
    std::filesystem::create_directory(path + "/007");
    test::make_file(path + "/5", "no directory");
    EXPECT_EQ(spool->jobs(), (std::vector<std::uint64_t>{3, 20}));
    reopen();
    EXPECT_EQ(spool->jobs(), (std::vector<std::uint64_t>{3, 20}));
    ASSERT_EQ(spool->problems().size(), 1U);
    EXPECT_NE(spool->problems()[0].find("/5'"), std::string::npos) << spool->problems()[0];
    EXPECT_EQ(spool->note_progress(4, 1, {}).error().code, base::ErrorCode::no_such_job);
    EXPECT_EQ(spool->open_to_read(4, 1).error().code, base::ErrorCode::no_such_job);
    EXPECT_TRUE(spool->list(4, {}).empty());
}

TEST_F(OpenedSpool, GivesAWorkerFilesThatItCanOnlyAppendTo) {
    const BegunSegment begun = begin();
    EXPECT_EQ(begun.header, (FileHeader{.kind = FileKind::rows,
                                        .table = test::kPackets,
                                        .spool = spool->id(),
                                        .job = 12,
                                        .counter = 1,
                                        .created_ns = kStart}));
    for (const base::UniqueFd* file : {&begun.outputs.rows, &begun.outputs.packets}) {
        const int flags = ::fcntl(file->get(), F_GETFL);
        EXPECT_EQ(flags & O_ACCMODE, O_WRONLY);
        EXPECT_NE(flags & O_APPEND, 0);
        EXPECT_NE(::fcntl(file->get(), F_GETFD) & FD_CLOEXEC, 0);
    }
    EXPECT_EQ(segment(1)->state, SegmentState::open);
    EXPECT_FALSE(begin({.packets_bytes = 0}).outputs.packets);
    EXPECT_EQ(segment(2)->packets, PacketsState::none);
}

TEST_F(OpenedSpool, RemembersAClosedSegmentOverARestart) {
    const std::uint64_t counter = record({.closed_ns = kStart + kMinute, .terms = "strict"});
    const Segment before = *segment(counter);
    EXPECT_EQ(before.progress, test::progress_of(kStart, kStart + kMinute, 1000, 3000));
    reopen();
    const Segment after = *segment(counter);
    EXPECT_EQ(record_of(after), record_of(before));
    EXPECT_EQ(after.state, SegmentState::closed);
    EXPECT_EQ(after.closed_ns, kStart + kMinute);
    EXPECT_EQ(after.owner_uid, 1000U);
    EXPECT_EQ(*after.terms, "strict");
    EXPECT_TRUE(spool->problems().empty());
}

TEST_F(OpenedSpool, ReadsUpToTheClosedLengthWhateverWasAppended) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(936, 'r'));
    test::write_to(begun.outputs.packets, std::string(3000, 'p'));
    ASSERT_TRUE(spool->close_segment(12, 1, test::progress_of(kStart, kStart, 1000, 3000), kStart));
    test::write_to(begun.outputs.rows, "behind");
    const auto readable = spool->open_to_read(12, 1);
    ASSERT_TRUE(readable);
    EXPECT_EQ(readable->rows_bytes, 1000U);
    EXPECT_EQ(readable->packets_bytes, 3000U);
    EXPECT_FALSE(readable->index);
    EXPECT_EQ(readable->index_bytes, 0U);
    EXPECT_EQ(::fcntl(readable->rows.get(), F_GETFL) & O_ACCMODE, O_RDONLY);
    EXPECT_EQ(spool->look(12, 1)->rows, 1006U);
}

// A worker that has been taken over can write more than it reports, and fill the disk with it.
TEST_F(OpenedSpool, CountsAndRemovesWhatWasNotReported) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(936, 'r'));
    test::write_to(begun.outputs.packets, std::string(3000, 'p'));
    ASSERT_TRUE(spool->note_progress(12, 1, test::progress_of(kStart, kStart, 500, 1000)));
    EXPECT_EQ(spool->stored_segments()[0].rows_bytes, 1000U);
    EXPECT_EQ(spool->stored_segments()[0].packets_bytes, 3000U);
    test::write_to(begun.outputs.packets, std::string(5000, 'p'));
    const auto length = spool->look(12, 1);
    ASSERT_TRUE(length);
    EXPECT_EQ(length->rows, 1000U);
    EXPECT_EQ(length->packets, 8000U);
    EXPECT_EQ(spool->stored_segments()[0].packets_bytes, 8000U);
    EXPECT_EQ(spool->usage(12, kStart)[0].packets_bytes, 8000U);
    EXPECT_EQ(spool->open_to_read(12, 1)->packets_bytes, 1000U);
    ASSERT_TRUE(spool->close_segment(12, 1, test::progress_of(kStart, kStart, 600, 2000), kStart));
    EXPECT_EQ(std::filesystem::file_size(file_of(1, SegmentFile::rows)), 600U);
    EXPECT_EQ(std::filesystem::file_size(file_of(1, SegmentFile::packets)), 2000U);
    EXPECT_EQ(spool->stored_segments()[0].packets_bytes, 2000U);
}

TEST_F(OpenedSpool, CountsAnAbandonedSegmentOnce) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(936, 'r'));
    ASSERT_TRUE(spool->look(12, 1));
    ASSERT_TRUE(spool->abandon_segment(12, 1, kStart));
    EXPECT_EQ(spool->stored_segments()[0].rows_bytes, 1000U);
}

// Retention would remove everything else to make room for it.
TEST_F(OpenedSpool, RefusesMoreProgressThanTheFilesHave) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(936, 'r'));
    for (const SegmentProgress& told :
         {test::progress_of(kStart, kStart, 1001, 0), test::progress_of(kStart, kStart, 1000, 1ULL << 47)}) {
        const auto noted = spool->note_progress(12, 1, told);
        ASSERT_FALSE(noted);
        EXPECT_EQ(noted.error().code, base::ErrorCode::internal);
        EXPECT_EQ(spool->stored_segments()[0].bytes(), 0U);
    }
    EXPECT_TRUE(spool->note_progress(12, 1, test::progress_of(kStart, kStart, 1000, 0)));
    // Somebody has removed a file, which the worker does not know.
    std::filesystem::remove(file_of(1, SegmentFile::rows));
    EXPECT_TRUE(spool->note_progress(12, 1, test::progress_of(kStart, kStart, 1100, 0)));
    EXPECT_EQ(segment(1)->progress.rows_bytes, 1000U);
}

TEST_F(OpenedSpool, KnowsWhetherASegmentCanStillBeWritten) {
    BegunSegment begun = begin();
    EXPECT_TRUE(spool->is_being_written(12, 1));
    begun.outputs.rows.reset();
    EXPECT_TRUE(spool->is_being_written(12, 1)) << "its packets can";
    begun.outputs.packets.reset();
    EXPECT_FALSE(spool->is_being_written(12, 1));
    const base::UniqueFd reading(::open(file_of(1, SegmentFile::rows).c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_FALSE(spool->is_being_written(12, 1));
    EXPECT_FALSE(spool->is_being_written(12, 2));
}

// A worker that has been taken over says what it likes about the times of its rows.
TEST_F(OpenedSpool, BelievesTimesAsFarAsItsOwnClockMakesThemPossible) {
    struct Case {
        std::int64_t begun, closed, last_row, newest;
    };
    constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
    const std::vector<Case> kCases = {
        {kStart, kStart + kMinute, kStart + kMinute, kStart + kMinute},
        {kStart, kStart + kMinute, kStart + 2 * kMinute, kStart + 2 * kMinute},  // a network card's clock
        {kStart, kStart + kMinute, kNever, kStart + kMinute + kHour},
        {kStart, kStart + kMinute, 1, kStart + kMinute},
        {kStart, kStart - 5 * kHour, kStart - 5 * kHour, kStart},  // the clock was set back
        {kStart, kStart - 5 * kHour, kStart + kMinute, kStart + kMinute},
    };
    for (const Case& told : kCases) {
        Segment segment{
            .state = SegmentState::closed,
            .created_ns = told.begun,
            .closed_ns = told.closed,
            .progress = test::progress_of(std::min(told.begun, told.last_row), told.last_row, 1000, 0)};
        EXPECT_EQ(segment.newest_ns(), told.newest) << told.last_row;
    }
    const Segment unknown{.state = SegmentState::closed, .created_ns = kStart, .closed_ns = kStart + kMinute};
    EXPECT_EQ(unknown.newest_ns(), kStart + kMinute);
}

TEST_F(OpenedSpool, ReadsAnOpenSegmentUpToWhatWasReported) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(936, 'r'));
    EXPECT_FALSE(spool->open_to_read(12, 1)->rows) << "nothing was reported";
    ASSERT_TRUE(spool->note_progress(12, 1, test::progress_of(kStart, kStart, 500, 0)));
    const auto readable = spool->open_to_read(12, 1);
    EXPECT_EQ(readable->segment.state, SegmentState::open);
    EXPECT_EQ(readable->rows_bytes, 500U);
    EXPECT_FALSE(readable->packets);
}

// A file that has this name already is not opened, and its counter is left out.
TEST_F(OpenedSpool, MakesItsFilesItself) {
    record();
    const std::string planted = file_of(2, SegmentFile::packets);
    std::filesystem::create_symlink(temporary.path() + "/elsewhere", planted);
    const auto begun = spool->begin_segment({.job = 12, .table = 1, .with_packets = true}, kStart);
    ASSERT_FALSE(begun);
    EXPECT_NE(begun.error().message.find(planted), std::string::npos) << begun.error().message;
    EXPECT_FALSE(std::filesystem::exists(temporary.path() + "/elsewhere"));
    EXPECT_TRUE(std::filesystem::is_symlink(planted));
    EXPECT_FALSE(has(2, SegmentFile::rows));
    EXPECT_EQ(all().size(), 1U);
    EXPECT_EQ(record(), 3U);
}

// The numbers come from a worker.
TEST_F(OpenedSpool, DoesNotBelieveMoreThanThereIs) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(100, 'r'));
    ASSERT_TRUE(spool->close_segment(12, 1, test::progress_of(kStart, kStart, 5000, 7000), kStart));
    EXPECT_EQ(segment(1)->progress.rows_bytes, 164U);
    EXPECT_EQ(segment(1)->progress.packets_bytes, 0U);
}

TEST_F(OpenedSpool, RefusesProgressThatNoSegmentCanHave) {
    const BegunSegment begun = begin();
    test::write_to(begun.outputs.rows, std::string(936, 'r'));
    test::write_to(begun.outputs.packets, std::string(3000, 'p'));
    const SegmentProgress good = test::progress_of(kStart, kStart + kMinute, 1000, 3000);
    ASSERT_TRUE(spool->note_progress(12, 1, good));
    const std::vector<void (*)(SegmentProgress&)> kMistakes = {
        [](SegmentProgress& told) { told.first_number = 0; },
        [](SegmentProgress& told) { told.last_number = 9; },
        [](SegmentProgress& told) { told.last_number = proto::kNumberLimit + 1; },
        [](SegmentProgress& told) { told.first_time_ns = told.last_time_ns + 1; },
        [](SegmentProgress& told) { told.blocks = 0; },
        [](SegmentProgress& told) { told.blocks = 11; },
        [](SegmentProgress& told) { told.rows_bytes = kFileBytesLimit; },
        [](SegmentProgress& told) { told.rows = told.last_number = 65'537, told.rows_bytes = 1U << 20; },
        [](SegmentProgress& told) { told.packets_bytes = kFileBytesLimit; },
        [](SegmentProgress& told) { told.rows_bytes = 999; },
        [](SegmentProgress& told) { told.packets_bytes = 2999; },
        [](SegmentProgress& told) { told.rows = 9; },
        [](SegmentProgress& told) { told.first_number = 2, told.last_number = 11; },
        [](SegmentProgress& told) { told.first_time_ns += 1; },
        [](SegmentProgress& told) { told.last_time_ns -= 1; },
        [](SegmentProgress& told) { told = {}; },
    };
    for (const auto& mistake : kMistakes) {
        SegmentProgress told = good;
        mistake(told);
        const auto i = &mistake - kMistakes.data();
        ASSERT_FALSE(spool->note_progress(12, 1, told)) << i;
        EXPECT_EQ(spool->note_progress(12, 1, told).error().code, base::ErrorCode::internal) << i;
        EXPECT_FALSE(spool->close_segment(12, 1, told, kStart)) << i;
        EXPECT_EQ(segment(1)->progress, good) << i;
        EXPECT_EQ(segment(1)->state, SegmentState::open) << i;
    }
    EXPECT_TRUE(spool->close_segment(12, 1, good, kStart));
    EXPECT_FALSE(spool->close_segment(12, 1, good, kStart)) << "it is closed";
    EXPECT_FALSE(spool->note_progress(12, 1, good)) << "it is closed";
    EXPECT_FALSE(spool->note_progress(12, 2, good)) << "there is none";
}

TEST_F(OpenedSpool, ForgetsASegmentWithoutRowsAndNeverItsCounter) {
    record();
    const BegunSegment begun = begin();
    ASSERT_TRUE(spool->close_segment(12, begun.header.counter, {.rows_bytes = 64}, kStart));
    EXPECT_EQ(all().size(), 1U);
    EXPECT_FALSE(has(2, SegmentFile::rows));
    EXPECT_FALSE(has(2, SegmentFile::packets));
    reopen();
    EXPECT_EQ(all().size(), 1U);
    EXPECT_EQ(record(), 3U);
}

TEST_F(OpenedSpool, ListsWhatOverlapsARange) {
    for (int i = 0; i < 4; ++i)
        record({.begun_ns = kStart + i * kHour, .closed_ns = kStart + i * kHour + kMinute});
    record({.table = test::kFlows, .begun_ns = kStart, .closed_ns = kStart + 3 * kHour, .packets_bytes = 0});
    struct Case {
        std::int64_t since, until;
        std::vector<std::uint64_t> counters;
    };
    const std::vector<Case> kCases = {
        {0, kStart - 1, {}},
        {0, kStart, {1, 5}},
        {kStart + kMinute, kStart + kMinute, {1, 5}},
        {kStart + kMinute + 1, kStart + kHour - 1, {5}},
        {kStart + kHour, kStart + 2 * kHour, {2, 3, 5}},
        {kStart + 3 * kHour + kMinute, kStart + 9 * kHour, {4}},
        {kStart + 3 * kHour + kMinute + 1, kStart + 9 * kHour, {}},
    };
    const auto counters = [this](const Case& range, std::optional<std::uint32_t> table) {
        std::vector<std::uint64_t> found;
        for (const Segment& segment : spool->list(12, {range.since, range.until}, table))
            found.push_back(segment.counter);
        return found;
    };
    for (const Case& range : kCases) EXPECT_EQ(counters(range, {}), range.counters);
    EXPECT_EQ(counters(kCases[4], test::kPackets), (std::vector<std::uint64_t>{2, 3}));
    EXPECT_EQ(counters(kCases[4], test::kFlows), (std::vector<std::uint64_t>{5}));
}

TEST_F(OpenedSpool, TellsUsageAndReachOfEachTable) {
    record({.begun_ns = kStart, .closed_ns = kStart + kHour});
    record({.begun_ns = kStart + kHour, .closed_ns = kStart + 2 * kHour});
    record(
        {.table = test::kFlows, .begun_ns = kStart + kHour, .closed_ns = kStart + kHour, .packets_bytes = 0});
    spool->remove(std::vector<Removal>{{.job = 12, .counter = 1, .part = RemovedPart::packets}});
    const auto usage = spool->usage(12, kStart + 2 * kHour);
    ASSERT_EQ(usage.size(), 2U);
    EXPECT_EQ(usage[0].table, test::kPackets);
    EXPECT_EQ(usage[0].segments, 2U);
    EXPECT_EQ(usage[0].rows, 20U);
    EXPECT_EQ(usage[0].rows_bytes, 2000U);
    EXPECT_EQ(usage[0].packets_bytes, 3000U);
    EXPECT_EQ(usage[0].rows_since_ns, kStart);
    EXPECT_EQ(usage[0].packets_since_ns, kStart + kHour);
    EXPECT_EQ(usage[0].bytes_per_day, 12U * 8000) << "8,000 bytes in two hours, although some are gone";
    EXPECT_EQ(usage[1].table, test::kFlows);
    EXPECT_EQ(usage[1].packets_since_ns, std::nullopt);
    EXPECT_EQ(spool->usage(12, kStart + kHour + 30 * test::kSecond)[1].bytes_per_day, std::nullopt);
    EXPECT_EQ(spool->last_known_ns(kStart + 30 * kHour), kStart + 2 * kHour);
}

// The clock may have jumped before the daemon was started again.
TEST_F(OpenedSpool, DoesNotBelieveTheTimesOfTheLastHour) {
    record({.begun_ns = kStart, .closed_ns = kStart + kHour});
    record({.begun_ns = kStart + 50 * kHour, .closed_ns = kStart + 50 * kHour + test::kMinute});
    EXPECT_EQ(spool->last_known_ns(kStart + 50 * kHour + 2 * test::kMinute), kStart + kHour);
    EXPECT_EQ(spool->last_known_ns(kStart + 52 * kHour), kStart + 50 * kHour + test::kMinute);
    EXPECT_EQ(spool->last_known_ns(kStart), 0) << "nor those of a clock that was wrong before";
}

TEST_F(OpenedSpool, TellsHowFarATableReachesBack) {
    EXPECT_EQ(spool->kept_since(12, test::kPackets), KeptSince{});
    record({.begun_ns = kStart, .closed_ns = kStart + kHour});
    record({.begun_ns = kStart + kHour, .closed_ns = kStart + 2 * kHour});
    record({.table = test::kFlows, .begun_ns = kStart - kHour, .closed_ns = kStart, .packets_bytes = 0});
    EXPECT_EQ(spool->kept_since(12, test::kPackets), (KeptSince{.rows_ns = kStart, .packets_ns = kStart}));
    spool->remove(std::vector<Removal>{{.job = 12, .counter = 1, .part = RemovedPart::packets}});
    EXPECT_EQ(spool->kept_since(12, test::kPackets),
              (KeptSince{.rows_ns = kStart, .packets_ns = kStart + kHour}));
    spool->remove(std::vector<Removal>{{.job = 12, .counter = 1, .part = RemovedPart::whole}});
    EXPECT_EQ(spool->kept_since(12, test::kPackets).rows_ns, kStart + kHour);
    EXPECT_EQ(spool->kept_since(12, test::kFlows), (KeptSince{.rows_ns = kStart - kHour}));
}

// A segment that is still open counts, because it may have rows already.
TEST_F(OpenedSpool, TellsTheLastRunOfEachJob) {
    record({.run = 3});
    record({.run = 2});
    record({.job = 13, .run = 1});
    (void)begin({.job = 13, .run = 9});
    const std::map<std::uint64_t, std::uint32_t> expected{{12, 3}, {13, 9}};
    EXPECT_EQ(spool->last_runs(), expected);
    record({.job = 14, .run = 5});
    spool->remove(std::vector<Removal>{{.job = 14, .counter = 1, .part = RemovedPart::whole}});
    reopen();
    EXPECT_EQ(spool->last_runs().at(14), 5U) << "its rows are gone, and others may have seen them";
}

TEST_F(OpenedSpool, TellsTheSpaceOfItsDisk) {
    const auto space = spool->disk_space();
    ASSERT_TRUE(space);
    EXPECT_GT(space->bytes, 0U);
    EXPECT_LE(space->free_bytes, space->bytes);
}

TEST_F(OpenedSpool, SharesTermsAmongSegments) {
    record({.terms = "a"});
    record({.job = 13, .terms = "a"});
    record({.terms = "b"});
    reopen();
    EXPECT_EQ(all(12)[0].terms, all(13)[0].terms);
    EXPECT_NE(all(12)[0].terms, all(12)[1].terms);
}

}  // namespace
}  // namespace packetsentry::spool
