#include "daemon/spool/write/segment_thread.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

#include "daemon/spool/format/byte_reader.h"
#include "tests/support/growing_file.h"

namespace packetsentry::spool {
namespace {

using namespace std::chrono_literals;
using test::GrowingFile;

capture::OutputChunk chunk_of(std::string_view text) {
    capture::OutputChunk chunk;
    const Bytes bytes = as_bytes(text);
    chunk.bytes.assign(bytes.begin(), bytes.end());
    chunk.end_block(false);
    return chunk;
}

SegmentProgress progress_of(std::uint64_t rows, std::uint64_t rows_bytes, std::uint64_t packets_bytes = 0) {
    return {.rows_bytes = rows_bytes, .packets_bytes = packets_bytes, .rows = rows};
}

base::UniqueFd full_device() {
    return base::UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC));
}

// What is written there stays there until somebody reads it, and cannot be synced.
struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
        reading = base::UniqueFd(ends[0]);
        writing = base::UniqueFd(ends[1]);
    }
    base::UniqueFd reading;
    base::UniqueFd writing;
};

TEST(SegmentThread, WritesBothFilesInOrderAndTellsHowFar) {
    GrowingFile rows;
    GrowingFile packets;
    SegmentThread thread;
    thread.begin({.counter = 4, .rows = rows.end(), .packets = packets.end()});
    (void)thread.give_packets(chunk_of("packet,"));
    (void)thread.give_rows(chunk_of("row,"), progress_of(1, 4, 7));
    (void)thread.give_packets(chunk_of("other,"));
    ASSERT_TRUE(thread.done_within(5s));
    EXPECT_EQ(rows.content(), "row,");
    EXPECT_EQ(packets.content(), "packet,other,");
    EXPECT_EQ(thread.bytes_waiting(), 0U);
    const auto news = thread.take_news();
    ASSERT_EQ(news.size(), 1U);
    EXPECT_EQ(news[0].counter, 4U);
    EXPECT_EQ(news[0].written, progress_of(1, 4, 7)) << "packets alone are no rows";
    EXPECT_FALSE(news[0].ended);
}

TEST(SegmentThread, TellsOnceThatASegmentHasEnded) {
    GrowingFile first;
    GrowingFile second;
    SegmentThread thread;
    thread.begin({.counter = 1, .rows = first.end()});
    (void)thread.give_rows(chunk_of("a"), progress_of(1, 1));
    thread.end();
    thread.begin({.counter = 2, .rows = second.end()});
    (void)thread.give_rows(chunk_of("bb"), progress_of(2, 2));
    ASSERT_TRUE(thread.done_within(5s));
    const auto news = thread.take_news();
    ASSERT_EQ(news.size(), 2U);
    EXPECT_TRUE(news[0].ended);
    EXPECT_EQ(news[0].failure, "");
    EXPECT_EQ(news[0].written.rows, 1U);
    EXPECT_FALSE(news[1].ended);
    const auto later = thread.take_news();
    ASSERT_EQ(later.size(), 1U);
    EXPECT_EQ(later[0].counter, 2U);
    EXPECT_EQ(first.content() + second.content(), "abb");
}

TEST(SegmentThread, ASegmentWithoutPacketsTellsOfNone) {
    GrowingFile rows;
    SegmentThread thread;
    thread.begin({.counter = 1, .rows = rows.end()});
    (void)thread.give_packets(chunk_of("the header of a pcapng"));
    (void)thread.give_rows(chunk_of("a"), progress_of(1, 1, 22));
    ASSERT_TRUE(thread.done_within(5s));
    EXPECT_EQ(thread.take_news().at(0).written, progress_of(1, 1, 0));
}

TEST(SegmentThread, AFullDiskEndsTheSegmentBeforeWhatFailedAndTheNextOneGoesOn) {
    GrowingFile rows;
    GrowingFile next;
    SegmentThread thread;
    thread.begin({.counter = 1, .rows = rows.end(), .packets = full_device()});
    (void)thread.give_rows(chunk_of("head"), progress_of(0, 4));
    (void)thread.give_packets(chunk_of("packet"));
    (void)thread.give_rows(chunk_of("row"), progress_of(1, 7, 6));
    ASSERT_TRUE(thread.done_within(5s));
    EXPECT_TRUE(thread.failed());
    EXPECT_EQ(rows.content(), "head") << "its packet is missing";
    const auto news = thread.take_news();
    ASSERT_EQ(news.size(), 1U);
    EXPECT_TRUE(news[0].ended);
    EXPECT_EQ(news[0].failure, "cannot write to the spool: No space left on device");
    EXPECT_EQ(news[0].written, progress_of(0, 4));
    thread.end();
    thread.begin({.counter = 2, .rows = next.end()});
    EXPECT_FALSE(thread.failed());
    (void)thread.give_rows(chunk_of("next"), progress_of(1, 4));
    ASSERT_TRUE(thread.done_within(5s));
    EXPECT_EQ(next.content(), "next");
    EXPECT_EQ(thread.take_news().size(), 1U) << "the end of the first was told";
}

TEST(SegmentThread, WhatAFailedSyncHadToBringToTheDiskDoesNotCountAsWritten) {
    Pipe pipe;
    SegmentThread thread;
    thread.begin({.counter = 1, .rows = std::move(pipe.writing)});
    (void)thread.give_rows(chunk_of("row"), progress_of(1, 3));
    ASSERT_TRUE(thread.done_within(5s));
    EXPECT_EQ(thread.take_news().at(0).written.rows, 1U);
    thread.ask_sync();
    ASSERT_TRUE(thread.done_within(5s));
    const auto news = thread.take_news();
    ASSERT_EQ(news.size(), 1U);
    EXPECT_TRUE(news[0].ended);
    EXPECT_EQ(news[0].written, SegmentProgress());
    EXPECT_NE(news[0].failure.find("write the spool to the disk"), std::string::npos) << news[0].failure;
}

TEST(SegmentThread, ADiskThatStallsFillsTheBacklogAndNobodyWaits) {
    constexpr std::size_t kBytes = 200'000;  // more than a pipe takes
    Pipe pipe;
    SegmentThread thread(3 * kBytes);
    thread.begin({.counter = 1, .rows = std::move(pipe.writing)});
    for (std::uint64_t i = 1; i <= 3; ++i) {
        EXPECT_TRUE(thread.has_room());
        (void)thread.give_rows(chunk_of(std::string(kBytes, 'x')), progress_of(i, i * kBytes));
    }
    EXPECT_FALSE(thread.has_room());
    EXPECT_FALSE(thread.done_within(20ms));
    std::string taken(3 * kBytes, '\0');
    for (std::size_t at = 0; at < taken.size();) {
        const ssize_t size = ::read(pipe.reading.get(), taken.data() + at, taken.size() - at);
        ASSERT_GT(size, 0);
        at += static_cast<std::size_t>(size);
    }
    ASSERT_TRUE(thread.done_within(5s));
    EXPECT_TRUE(thread.has_room());
    EXPECT_EQ(thread.take_news().at(0).written.rows, 3U);
}

TEST(SegmentThread, WhatHangsIsGivenUpWithoutWaitingForIt) {
    Pipe pipe;
    const auto before = std::chrono::steady_clock::now();
    {
        SegmentThread thread;
        thread.begin({.counter = 1, .rows = base::UniqueFd(::fcntl(pipe.writing.get(), F_DUPFD_CLOEXEC, 0))});
        (void)thread.give_rows(chunk_of(std::string(1'000'000, 'x')), progress_of(1, 1'000'000));
        thread.give_up();
        EXPECT_EQ(thread.take_news().at(0).written.rows, 0U);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - before, 3s);
    pipe.reading = {};  // ends the write; SIGPIPE is blocked there
    ::usleep(10'000);
}

}  // namespace
}  // namespace packetsentry::spool
