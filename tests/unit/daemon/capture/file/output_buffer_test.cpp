#include "daemon/capture/file/output_buffer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string_view>

#include "daemon/base/local_file.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/daemon/capture/capture_bytes.h"

namespace packetsentry::capture {
namespace {

using namespace std::chrono_literals;

void put(OutputBuffer& buffer, std::string_view block) {
    buffer.put(std::as_bytes(std::span(block)));
    buffer.end_block(true);
}

std::string contents(int file) {
    std::string bytes(1 << 20, '\0');
    const ssize_t size = ::pread(file, bytes.data(), bytes.size(), 0);
    bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return bytes;
}

TEST(OutputBuffer, CountsWhatIsWholeOnTheFile) {
    base::UniqueFd file = memory_file();
    const int fd = file.get();
    OutputBuffer buffer(base::UniqueFd(::dup(fd)));
    put(buffer, "one");
    put(buffer, "two");
    EXPECT_EQ(buffer.packets(), 2U);
    EXPECT_EQ(buffer.packets_written(), 0U);
    ASSERT_TRUE(buffer.flush());
    EXPECT_EQ(buffer.packets_written(), 2U);
    EXPECT_EQ(buffer.bytes(), 6U);
    EXPECT_EQ(contents(fd), "onetwo");
    EXPECT_TRUE(buffer.sync());
}

// With a file whose size this machine knows, and one block in it.
struct OutputBufferOnDisk : testing::Test {
    void SetUp() override {
        if (!base::is_local(fd)) GTEST_SKIP() << "nobody knows who answers for files here";
        put(buffer, "one");
        ASSERT_TRUE(buffer.flush());
    }
    const test::TemporaryDirectory directory;
    const base::UniqueFd file{::open((directory.path() + "/x").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    const int fd = file.get();
    OutputBuffer buffer{base::UniqueFd(::dup(fd))};
};

// A further block would stand behind a hole.
TEST_F(OutputBufferOnDisk, AFileThatSomebodyTruncatedTakesNoMore) {
    ASSERT_EQ(::ftruncate(fd, 1), 0);
    put(buffer, "two");
    const auto flushed = buffer.flush();
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().code, base::ErrorCode::file);
    EXPECT_TRUE(flushed.error().message.starts_with("the output file was truncated by somebody else"));
    EXPECT_EQ(contents(fd), "o");
    EXPECT_EQ(buffer.packets_written(), 1U);
    EXPECT_EQ(buffer.bytes_written(), 3U);
}

// What somebody appends is theirs; a block goes where the one before it ended.
TEST_F(OutputBufferOnDisk, AFileThatGrewIsWrittenOn) {
    ASSERT_EQ(::pwrite(fd, "xxxxxx", 6, 3), 6);
    put(buffer, "two");
    ASSERT_TRUE(buffer.flush());
    EXPECT_EQ(contents(fd), "onetwoxxx");
}

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
        reader.reset(ends[0]);
        writer.reset(ends[1]);
        ::fcntl(writer.get(), F_SETPIPE_SZ, 65536);
        ::fcntl(reader.get(), F_SETFL, O_NONBLOCK);
    }
    std::size_t read_all() const {
        std::array<char, 65536> bytes{};
        std::size_t all = 0;
        for (ssize_t size = 0; (size = ::read(reader.get(), bytes.data(), bytes.size())) > 0;)
            all += static_cast<std::size_t>(size);
        return all;
    }
    base::UniqueFd reader, writer;
};

TEST(OutputBuffer, APipeThatHangsCostsPacketsNotTime) {
    Pipe pipe;
    OutputBuffer buffer(std::move(pipe.writer));
    buffer.write_in_background();
    const std::string block(10'000, 'x');
    std::uint64_t put_in = 0;
    while (buffer.has_room() && put_in < 10'000) {
        put(buffer, block);
        ++put_in;
        if (buffer.full()) {
            ASSERT_TRUE(buffer.flush());
        }
    }
    EXPECT_GE(put_in * block.size(), OutputBuffer::kPipeBacklog);
    EXPECT_LE(put_in * block.size(), OutputBuffer::kPipeBacklog + 65536 + 2 * block.size());
    EXPECT_FALSE(buffer.has_room());
    EXPECT_EQ(buffer.packets_refused(), 2U);
    EXPECT_EQ(buffer.packets(), put_in);

    // Its reader goes on: all that was taken arrives, in turn.
    std::size_t read = 0;
    while (!buffer.settled()) {
        read += pipe.read_all();
        ASSERT_TRUE(buffer.flush_within(1ms));
    }
    EXPECT_EQ(read + pipe.read_all(), put_in * block.size());
    EXPECT_EQ(buffer.packets_written(), put_in);
    EXPECT_EQ(buffer.bytes_waiting(), 0U);
    EXPECT_TRUE(buffer.has_room());
}

TEST(OutputBuffer, WhatIsGivenUpIsNotWrittenAndTheRestIsCounted) {
    Pipe pipe;
    OutputBuffer buffer(std::move(pipe.writer));
    buffer.write_in_background();
    for (int i = 0; i < 20; ++i) put(buffer, std::string(10'000, 'x'));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(buffer.flush_within(50ms));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 50ms);
    EXPECT_FALSE(buffer.settled());
    EXPECT_TRUE(buffer.give_up());
    EXPECT_TRUE(buffer.in_block()) << "a pipe of 65,536 bytes has no room for whole blocks of 10,000";
    EXPECT_EQ(buffer.packets_written(), 6U);
    EXPECT_EQ(pipe.read_all(), 65536U);
    EXPECT_EQ(pipe.read_all(), 0U);
}

TEST(OutputBuffer, AThreadWritesAFileInOrder) {
    base::UniqueFd file = memory_file();
    const int fd = file.get();
    OutputBuffer buffer(base::UniqueFd(::dup(fd)));
    buffer.write_in_background();
    std::string all;
    for (int i = 0; i < 1000; ++i) {
        const std::string block = std::to_string(i) + " ";
        all += block;
        put(buffer, block);
        ASSERT_TRUE(buffer.flush());
    }
    ASSERT_TRUE(buffer.sync());
    while (!buffer.settled()) ASSERT_TRUE(buffer.flush_within(1s));
    EXPECT_EQ(contents(fd), all);
    EXPECT_EQ(buffer.packets_written(), 1000U);
    EXPECT_EQ(buffer.bytes_written(), all.size());
}

TEST(OutputBuffer, AThreadThatCannotWriteIsHeardOf) {
    OutputBuffer buffer(base::UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC)));
    buffer.write_in_background();
    put(buffer, "one");
    EXPECT_FALSE(buffer.flush_within(10s));
    EXPECT_FALSE(buffer.flush());
    EXPECT_FALSE(buffer.sync());
    EXPECT_TRUE(buffer.settled());
    EXPECT_EQ(buffer.packets_written(), 0U);
}

TEST(OutputBuffer, APipeWithoutAReaderIsAFailureForGood) {
    ::signal(SIGPIPE, SIG_IGN);
    Pipe pipe;
    OutputBuffer buffer(std::move(pipe.writer));
    pipe.reader.reset();
    put(buffer, "one");
    EXPECT_FALSE(buffer.flush());
    EXPECT_FALSE(buffer.flush());
    EXPECT_FALSE(buffer.state());
    EXPECT_EQ(buffer.packets_written(), 0U);
}

// Gives a buffer with a thread the next file, once it asks for it.
void give_when_asked(OutputBuffer& buffer, base::Result<base::UniqueFd> next) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!buffer.wants_file() && std::chrono::steady_clock::now() < deadline)
        (void)buffer.flush_within(1ms);
    ASSERT_TRUE(buffer.wants_file());
    buffer.give_file(std::move(next));
}

base::UniqueFd copy_of(const base::UniqueFd& file) {
    return base::UniqueFd(::dup(file.get()));
}

struct OutputBufferOfTwoFiles : testing::Test {
    const base::UniqueFd first = memory_file();
    const base::UniqueFd second = memory_file();
    OutputBuffer buffer{copy_of(first)};
};

TEST_F(OutputBufferOfTwoFiles, WhatComesWhileTheNextFileIsAwaitedGoesThere) {
    buffer.write_in_background();
    put(buffer, "one");
    buffer.end_file();
    put(buffer, "two");
    EXPECT_EQ(buffer.packets_of_file(), 1U);
    EXPECT_EQ(buffer.bytes_of_file(), 3U);
    ASSERT_EQ(::write(second.get(), "before", 6), 6);
    const auto begin = std::chrono::steady_clock::now();
    give_when_asked(buffer, copy_of(second));
    while (!buffer.settled()) ASSERT_TRUE(buffer.flush_within(1s));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    EXPECT_EQ(contents(first.get()), "one");
    EXPECT_EQ(contents(second.get()), "two");
    EXPECT_EQ(buffer.ended().files, 1U);
    EXPECT_EQ(buffer.ended().bytes, 3U);
    EXPECT_EQ(buffer.bytes_written(), 6U);
    EXPECT_EQ(buffer.packets_written(), 2U);
    EXPECT_FALSE(buffer.changes_file());
}

TEST_F(OutputBufferOfTwoFiles, WithoutANextFileTheRestFollowsWithoutItsHead) {
    buffer.write_in_background();
    put(buffer, "one");
    buffer.end_file();
    buffer.put(std::as_bytes(std::span(std::string_view("head"))));
    buffer.end_head();
    put(buffer, "two");
    give_when_asked(buffer, base::UniqueFd());
    while (!buffer.settled()) ASSERT_TRUE(buffer.flush_within(1s));
    EXPECT_EQ(contents(first.get()), "onetwo");
    EXPECT_EQ(buffer.ended().files, 0U);
    EXPECT_EQ(buffer.bytes_waiting(), 0U);
}

TEST_F(OutputBufferOfTwoFiles, ANextFileThatCannotBeOpenedIsAFailureForGood) {
    buffer.write_in_background();
    put(buffer, "one");
    buffer.end_file();
    put(buffer, "two");
    give_when_asked(buffer, base::fail(base::ErrorCode::file, "no room"));
    const auto flushed = buffer.flush_within(10s);
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().message, "no room");
    EXPECT_EQ(buffer.packets_written(), 1U);
}

TEST_F(OutputBufferOfTwoFiles, WithoutAThreadTheNextFileIsOpenedAtOnce) {
    int opened = 0;
    buffer.change_files_by([&]() -> base::Result<base::UniqueFd> {
        ++opened;
        return copy_of(second);
    });
    put(buffer, "one");
    buffer.end_file();
    EXPECT_EQ(opened, 1);
    put(buffer, "two");
    ASSERT_TRUE(buffer.flush());
    EXPECT_EQ(contents(first.get()), "one");
    EXPECT_EQ(contents(second.get()), "two");
}

std::string unzstd(const std::string& packed) {
    std::string out;
    std::size_t used = 0;
    const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> state(ZSTD_createDStream(),
                                                                           ZSTD_freeDStream);
    std::array<char, 4096> room{};
    while (used < packed.size()) {
        ZSTD_inBuffer in{packed.data() + used, packed.size() - used, 0};
        ZSTD_outBuffer to{room.data(), room.size(), 0};
        if (ZSTD_isError(ZSTD_decompressStream(state.get(), &to, &in)) != 0) return out + " (damaged)";
        out.append(room.data(), to.pos);
        used += in.pos;
    }
    return out;
}

void write_zstd(const base::UniqueFd& file, std::string_view text, bool complete) {
    OutputBuffer buffer(copy_of(file), Compression::zstd);
    for (const char letter : text) {
        put(buffer, std::string(100, letter));
        ASSERT_TRUE(buffer.flush_within(0ms));
    }
    if (complete) buffer.complete();
    EXPECT_EQ(buffer.packets_written(), text.size());
}

TEST(OutputBuffer, ZstdIsOneFrameOfWhichEachPieceCanBeReadAtOnce) {
    const base::UniqueFd file = memory_file();
    write_zstd(file, "abc", false);
    const std::string open = contents(file.get());
    EXPECT_EQ(open.size() % 4, 1U) << "output_compressor.h";
    EXPECT_EQ(unzstd(open), std::string(100, 'a') + std::string(100, 'b') + std::string(100, 'c'));
    EXPECT_TRUE(ZSTD_isError(ZSTD_findFrameCompressedSize(open.data(), open.size()))) << "it is not complete";
    const std::string whole = open + std::string("\1\0\0", 3);
    EXPECT_EQ(ZSTD_findFrameCompressedSize(whole.data(), whole.size()), whole.size());
}

// The first writer has died, or has not.
TEST(OutputBuffer, AnotherWriterOfZstdGoesOnBehindAnyOther) {
    for (const bool complete : {false, true}) {
        const base::UniqueFd file = memory_file();
        write_zstd(file, "ab", complete);
        write_zstd(file, "c", true);
        EXPECT_EQ(unzstd(contents(file.get())),
                  std::string(100, 'a') + std::string(100, 'b') + std::string(100, 'c'));
        EXPECT_EQ(contents(file.get()).size() % 4, 0U);
    }
}

}  // namespace
}  // namespace packetsentry::capture
