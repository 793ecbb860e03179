#include "daemon/capture/file/capture_writer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <limits>
#include <thread>

#include "daemon/capture/file/block_fields.h"
#include "tests/unit/daemon/capture/capture_bytes.h"

namespace packetsentry::capture {
namespace {

using testing::HasSubstr;

Packet packet(std::string_view frame, std::int64_t time_ns, std::uint32_t interface = 0,
              std::uint32_t link_type = 1) {
    return {.time_ns = time_ns,
            .wire_bytes = static_cast<std::uint32_t>(frame.size()) + 10,
            .link_type = link_type,
            .interface = interface,
            .frame = std::as_bytes(std::span(frame))};
}

const std::vector<SourceInterface> kEthernet{{.name = "eth0", .link_type = 1, .snapshot_length = 1500}};
const std::vector<SourceInterface> kTwo{{.name = "eth0", .link_type = 1, .snapshot_length = 1500},
                                        {.name = "tun0", .link_type = 101, .snapshot_length = 96}};

base::UniqueFd same_file(const base::UniqueFd& file) {
    return base::UniqueFd(::dup(file.get()));
}

Reading read_back(const base::UniqueFd& file) {
    ::lseek(file.get(), 0, SEEK_SET);
    return read_file(same_file(file));
}

off_t size_of(const base::UniqueFd& file) {
    struct stat status {};
    ::fstat(file.get(), &status);
    return status.st_size;
}

class Formats : public testing::TestWithParam<FileFormat> {};
INSTANTIATE_TEST_SUITE_P(Both, Formats, testing::Values(FileFormat::pcap, FileFormat::pcapng));

TEST_P(Formats, ComeBackAsWritten) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), GetParam(), Compression::none, false);
    for (const auto& [frame, time] : {std::pair{"one", 1'700'000'000'123'456'789}, std::pair{"", 0L},
                                      std::pair{"three", 4'294'967'295'999'999'999}})
        ASSERT_TRUE(writer->write(packet(frame, time), kEthernet));
    EXPECT_EQ(writer->output().packets(), 3U);
    EXPECT_EQ(writer->output().packets_written(), 0U);
    EXPECT_EQ(size_of(file), 0);
    ASSERT_TRUE(writer->flush(kEthernet));
    EXPECT_EQ(writer->output().packets_written(), 3U);
    EXPECT_EQ(static_cast<off_t>(writer->output().bytes()), size_of(file));

    const auto reading = read_back(file);
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.packets.size(), 3U);
    EXPECT_EQ(reading.packets[0], (SeenPacket{1'700'000'000'123'456'789, true, 13, 1, 0, "one"}));
    EXPECT_EQ(reading.packets[1], (SeenPacket{0, true, 10, 1, 0, ""}));
    EXPECT_EQ(reading.packets[2], (SeenPacket{4'294'967'295'999'999'999, true, 15, 1, 0, "three"}));
    EXPECT_EQ(reading.interfaces.at(0).snapshot_length, 1500U);
    EXPECT_EQ(reading.interfaces.at(0).name, GetParam() == FileFormat::pcap ? "" : "eth0");
}

TEST_P(Formats, WithoutPacketsAreStillCaptures) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), GetParam(), Compression::none, false);
    ASSERT_TRUE(writer->flush(kEthernet));
    const auto reading = read_back(file);
    EXPECT_TRUE(reading.opened);
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.interfaces.size(), 1U);
    EXPECT_EQ(reading.interfaces[0].link_type, 1U);
}

TEST_P(Formats, AreContinuedByAnotherWriter) {
    const auto file = memory_file();
    for (const bool continued : {false, true}) {
        const auto writer = CaptureWriter::make(same_file(file), GetParam(), Compression::none, continued);
        ASSERT_TRUE(writer->write(packet(continued ? "second" : "first", 5), kEthernet));
        ASSERT_TRUE(writer->flush(kEthernet));
    }
    const auto reading = read_back(file);
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.packets.size(), 2U);
    EXPECT_EQ(reading.packets[1].frame, "second");
    EXPECT_EQ(reading.interfaces.size(), 1U);
}

TEST_P(Formats, WriteWhenTheBufferIsFull) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), GetParam(), Compression::none, false);
    const std::string frame(60'000, 'x');
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(writer->write(packet(frame, i), kEthernet));
    EXPECT_GE(size_of(file), 2 << 20);
    EXPECT_EQ(writer->output().packets(), 40U);
    EXPECT_GE(writer->output().packets_written(), 30U);
    EXPECT_LT(writer->output().packets_written(), 40U);
    ASSERT_TRUE(writer->flush(kEthernet));
    EXPECT_EQ(read_back(file).packets.size(), 40U);
}

// A limit on the size of files stands for the full disk: the last write is short, the next one fails.
TEST_P(Formats, FileThatCannotGrowStaysWhole) {
    ::signal(SIGXFSZ, SIG_IGN);
    for (const rlim_t limit : {0UL, 10UL, 1000UL, 5000UL, 5001UL, 5002UL, 5003UL, 5017UL, 99'999UL}) {
        SCOPED_TRACE(limit);
        const base::UniqueFd file(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
        ASSERT_TRUE(file);
        const auto writer = CaptureWriter::make(same_file(file), GetParam(), Compression::none, false);
        for (int i = 0; i < 1000; ++i)
            ASSERT_TRUE(writer->write(packet("a packet of 26 bytes, just", i), kEthernet));
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{limit, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto flushed = writer->flush(kEthernet);
        const auto again = writer->write(packet("more", 5), kEthernet);
        ::setrlimit(RLIMIT_FSIZE, &before);

        if (limit > 50'000) {
            EXPECT_TRUE(flushed);
            continue;
        }
        ASSERT_FALSE(flushed);
        EXPECT_EQ(flushed.error().code, base::ErrorCode::file);
        EXPECT_EQ(flushed.error().message, "cannot write the packets: File too large");
        EXPECT_FALSE(again);
        EXPECT_EQ(writer->output().packets(), 1000U);
        EXPECT_LE(size_of(file), static_cast<off_t>(limit));
        const auto reading = read_back(file);
        EXPECT_EQ(reading.packets.size(), writer->output().packets_written());
        EXPECT_EQ(reading.opened, limit >= 1000);
        if (reading.opened) {
            EXPECT_EQ(reading.message(), "");
            EXPECT_GT(writer->output().packets_written(), 10U);
        }
    }
}

TEST_P(Formats, FullDeviceIsNamed) {
    const auto writer = CaptureWriter::make(base::UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC)),
                                            GetParam(), Compression::none, false);
    const auto flushed = writer->flush(kEthernet);
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().message, "cannot write the packets: No space left on device");
    EXPECT_EQ(writer->output().packets_written(), 0U);
}

TEST_P(Formats, ClosedPipeIsNamed) {
    ::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    ::close(ends[0]);
    const auto writer = CaptureWriter::make(base::UniqueFd(ends[1]), GetParam(), Compression::none, false);
    ASSERT_TRUE(writer->write(packet("x", 1), kEthernet));
    const auto flushed = writer->flush(kEthernet);
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().message, "cannot write the packets: Broken pipe");
    EXPECT_EQ(writer->output().packets_written(), 0U);
}

TEST_P(Formats, ShortWritesAreContinued) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    const base::UniqueFd reading_end(ends[0]);
    std::string bytes;
    std::thread reader([&] {
        std::array<char, 5000> piece{};
        for (;;) {
            const ssize_t size = ::read(reading_end.get(), piece.data(), piece.size());
            if (size == 0) return;
            if (size > 0) bytes.append(piece.data(), static_cast<std::size_t>(size));
        }
    });
    const std::string frame(1000, 'x');
    {
        const auto writer =
            CaptureWriter::make(base::UniqueFd(ends[1]), GetParam(), Compression::none, false);
        for (int i = 0; i < 3000; ++i) EXPECT_TRUE(writer->write(packet(frame, i), kEthernet));
        EXPECT_TRUE(writer->flush(kEthernet));
        EXPECT_EQ(writer->output().packets_written(), 3000U);
    }
    reader.join();
    EXPECT_EQ(read_bytes(bytes).packets.size(), 3000U);
}

TEST(PcapWriter, HoldsOneLinkType) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), FileFormat::pcap, Compression::none, false);
    const auto written = writer->write(packet("x", 1), kTwo);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, base::ErrorCode::file);
    EXPECT_EQ(written.error().message, "a .pcap file holds one link type; use a .pcapng name");
}

TEST(PcapWriter, RefusesALinkTypeThatComesLater) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), FileFormat::pcap, Compression::none, false);
    ASSERT_TRUE(writer->write(packet("x", 1), kEthernet));
    EXPECT_FALSE(writer->write(packet("x", 1, 1, 101), kTwo));
    ASSERT_TRUE(writer->flush(kTwo));
    EXPECT_EQ(read_back(file).packets.size(), 1U);
}

TEST(PcapngWriter, DescribesInterfacesWhenTheyAreFirstSeen) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), FileFormat::pcapng, Compression::none, false);
    ASSERT_TRUE(writer->write(packet("raw", 1, 1, 101), kTwo));
    ASSERT_TRUE(writer->write(packet("ethernet", 2, 0, 1), kTwo));
    ASSERT_TRUE(writer->write(packet("raw again", 3, 1, 101), kTwo));
    ASSERT_TRUE(writer->flush(kTwo));
    const auto reading = read_back(file);
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.packets.size(), 3U);
    ASSERT_EQ(reading.interfaces.size(), 2U);
    EXPECT_EQ(reading.interfaces[0].name, "tun0");
    EXPECT_EQ(reading.interfaces[0].snapshot_length, 96U);
    EXPECT_EQ(reading.packets[1], (SeenPacket{2, true, 18, 1, 1, "ethernet"}));
    EXPECT_EQ(reading.packets[2], (SeenPacket{3, true, 19, 101, 0, "raw again"}));
}

TEST(PcapngWriter, EndsWithWhatEachInterfaceHasCounted) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), FileFormat::pcapng, Compression::none, false);
    auto interfaces = kTwo;
    ASSERT_TRUE(writer->write(packet("raw", 1, 1, 101), interfaces));
    ASSERT_TRUE(writer->flush(interfaces));
    interfaces[1].received = 5'000'000'000;
    interfaces[1].dropped_by_kernel = 7;
    writer->put_counts(interfaces, 0x0102030405060708);
    ASSERT_TRUE(writer->flush(interfaces));
    const off_t size = size_of(file);
    // draft-ietf-opsawg-pcapng, 4.6: isb_ifrecv is option 4, isb_ifdrop 5.
    const auto block = block_fields(5U, 52U, 0U, 0x01020304U, 0x05060708U, std::uint16_t{4}, std::uint16_t{8},
                                    std::uint64_t{5'000'000'000}, std::uint16_t{5}, std::uint16_t{8},
                                    std::uint64_t{7}, 0U, 52U);
    std::remove_const_t<decltype(block)> written;
    ASSERT_EQ(::pread(file.get(), written.data(), written.size(), size - 52), 52);
    EXPECT_EQ(written, block);
    EXPECT_EQ(static_cast<off_t>(writer->output().bytes()), size);
    EXPECT_EQ(read_back(file).message(), "");
}

TEST(PcapngWriter, CommentsAreInTheHeadOfTheirSection) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), FileFormat::pcapng, Compression::none, false);
    writer->put_comments(std::vector<std::string>{"job lab has a gap", std::string(70'000, 'x')});
    ASSERT_TRUE(writer->write(packet("before", 1), kEthernet));
    ASSERT_TRUE(writer->flush(kEthernet));
    // draft-ietf-opsawg-pcapng, 3.5: opt_comment is option 1. The section header has 24 bytes before options.
    const auto option = block_fields(std::uint16_t{1}, std::uint16_t{17});
    std::remove_const_t<decltype(option)> written;
    ASSERT_EQ(::pread(file.get(), written.data(), written.size(), 24), 4);
    EXPECT_EQ(written, option);
    std::array<char, 17> text{};
    ASSERT_EQ(::pread(file.get(), text.data(), text.size(), 28), 17);
    EXPECT_EQ(std::string_view(text.data(), text.size()), "job lab has a gap");
    writer->put_comments(std::vector<std::string>{"and a second section"});
    ASSERT_TRUE(writer->write(packet("behind", 2), kEthernet));
    ASSERT_TRUE(writer->flush(kEthernet));
    const auto reading = read_back(file);
    EXPECT_EQ(reading.message(), "");
    EXPECT_EQ(reading.packets.size(), 2U);
    EXPECT_EQ(static_cast<off_t>(writer->output().bytes()), size_of(file));
}

TEST(PcapWriter, HasNoRoomForComments) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), FileFormat::pcap, Compression::none, false);
    writer->put_comments(std::vector<std::string>{"a comment"});
    ASSERT_TRUE(writer->write(packet("whole", 1), kEthernet));
    ASSERT_TRUE(writer->flush(kEthernet));
    EXPECT_EQ(read_back(file).packets.size(), 1U);
}

TEST(PcapngWriter, PacketWithoutATimeStaysWithoutOne) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), FileFormat::pcapng, Compression::none, false);
    Packet untimed = packet("whole", 0);
    untimed.has_time = false;
    untimed.wire_bytes = 5;
    ASSERT_TRUE(writer->write(untimed, kEthernet));
    untimed.wire_bytes = 900;  // cut otherwise than the snapshot length says
    ASSERT_TRUE(writer->write(untimed, kEthernet));
    ASSERT_TRUE(writer->flush(kEthernet));
    const auto reading = read_back(file);
    ASSERT_EQ(reading.packets.size(), 2U);
    EXPECT_EQ(reading.packets[0], (SeenPacket{0, false, 5, 1, 0, "whole"}));
    EXPECT_EQ(reading.packets[1], (SeenPacket{0, true, 900, 1, 0, "whole"}));
}

TEST(PcapngWriter, TimeBeforeTheFormatsFirstIsNone) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), FileFormat::pcapng, Compression::none, false);
    Packet early = packet("early", -1);
    early.wire_bytes = 5;  // whole, as a packet without a time must be in this format
    ASSERT_TRUE(writer->write(early, kEthernet));
    ASSERT_TRUE(writer->write(packet("late", std::numeric_limits<std::int64_t>::max()), kEthernet));
    ASSERT_TRUE(writer->flush(kEthernet));
    const auto reading = read_back(file);
    ASSERT_EQ(reading.packets.size(), 2U);
    EXPECT_FALSE(reading.packets[0].has_time);
    EXPECT_EQ(reading.packets[1].time_ns, std::numeric_limits<std::int64_t>::max());
}

TEST(PcapWriter, TimeThatItCannotSayIsZero) {
    const auto file = memory_file();
    const auto writer = CaptureWriter::make(same_file(file), FileFormat::pcap, Compression::none, false);
    Packet untimed = packet("untimed", 5);
    untimed.has_time = false;
    constexpr std::int64_t kLast = 4'294'967'295'999'999'999;  // in 2106
    for (const std::int64_t time : {std::int64_t{-1}, kLast, kLast + 1})
        ASSERT_TRUE(writer->write(packet("timed", time), kEthernet));
    ASSERT_TRUE(writer->write(untimed, kEthernet));
    ASSERT_TRUE(writer->flush(kEthernet));
    const auto reading = read_back(file);
    ASSERT_EQ(reading.packets.size(), 4U);
    EXPECT_EQ(reading.packets[0].time_ns, 0);
    EXPECT_EQ(reading.packets[1].time_ns, kLast);
    EXPECT_EQ(reading.packets[2].time_ns, 0);
    EXPECT_EQ(reading.packets[3].time_ns, 0);
}

struct CompressedFiles : testing::Test {
    // Packets on either side of a worker's end: the second one goes on in the file.
    void write(int packets, bool continued) const {
        const auto writer =
            CaptureWriter::make(same_file(file), FileFormat::pcap, Compression::gzip, continued);
        if (in_background) writer->output().write_in_background();
        for (int i = 0; i < packets; ++i)
            ASSERT_TRUE(writer->write(packet(std::string(100, 'x'), i), kEthernet));
        ASSERT_TRUE(writer->flush(kEthernet));
        EXPECT_EQ(writer->output().packets_written(), 0U) << "a piece that small waits for more";
        while (!writer->output().settled())
            ASSERT_TRUE(writer->output().flush_within(std::chrono::seconds(1)));
        ASSERT_TRUE(writer->output().flush_within(std::chrono::seconds(1)));
        EXPECT_EQ(writer->output().packets_written(), static_cast<unsigned>(packets));
        EXPECT_EQ(writer->output().bytes_waiting(), 0U);
        written += static_cast<off_t>(writer->output().bytes_written());
        EXPECT_EQ(size_of(file), written);
    }
    const base::UniqueFd file = memory_file();
    bool in_background = false;
    mutable off_t written = 0;
};

TEST_F(CompressedFiles, AreReadBackWholeAndAreSmaller) {
    write(1000, false);
    write(500, true);
    EXPECT_LT(written, 150'000 / 5);
    EXPECT_EQ(read_back(file).packets.size(), 1500U);
}

TEST_F(CompressedFiles, AreWrittenByAThread) {
    in_background = true;
    write(1000, false);
    EXPECT_EQ(read_back(file).packets.size(), 1000U);
}

// A write that fails leaves no member that was only begun.
TEST_F(CompressedFiles, EndWithAWholePiece) {
    ::signal(SIGXFSZ, SIG_IGN);
    write(100, false);
    const auto writer = CaptureWriter::make(same_file(file), FileFormat::pcap, Compression::gzip, true);
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(writer->write(packet(std::to_string(i * 7919 % 1000), i), kEthernet));
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{static_cast<rlim_t>(written) + 50, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto flushed = writer->output().flush_within(std::chrono::seconds(1));
    ::setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_FALSE(flushed);
    EXPECT_EQ(size_of(file), written);
    const auto reading = read_back(file);
    EXPECT_EQ(reading.packets.size(), 100U);
    EXPECT_EQ(reading.message(), "");
}

}  // namespace
}  // namespace packetsentry::capture
