#include "daemon/worker/saving.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <vector>

namespace packetsentry::worker {
namespace {

constexpr std::uint64_t kFileHeader = 24, kPacketHeader = 16, kFrame = 60;

struct SavingTest : testing::Test {
    void give(Saving& saving, int packets) {
        for (int i = 0; i < packets; ++i) {
            capture::Packet packet;
            packet.link_type = 1;
            packet.frame = frame;
            packet.wire_bytes = kFrame;
            saving.save(packet, interfaces);
        }
    }
    static wire::Ledger ledger(const Saving& saving) {
        wire::Ledger ledger;
        saving.count(ledger);
        return ledger;
    }
    static std::unique_ptr<capture::CaptureWriter> writer_to(int fd) {
        return capture::CaptureWriter::make(base::UniqueFd(fd), capture::FileFormat::pcap,
                                            capture::Compression::none, false);
    }

    std::array<std::byte, kFrame> frame{};
    std::vector<capture::SourceInterface> interfaces{{"eth0", 1, 262144, 2}};
};

TEST_F(SavingTest, CountsWhatIsSavedAndWhatComesAfterTheEndOfSaving) {
    Saving saving(CaptureMode::file, writer_to(::memfd_create("output", MFD_CLOEXEC)));
    give(saving, 3);
    saving.flush(interfaces);
    EXPECT_EQ(ledger(saving).saved(), 3U);
    EXPECT_EQ(ledger(saving).saved_bytes(), kFileHeader + 3 * (kPacketHeader + kFrame));
    EXPECT_EQ(ledger(saving).not_saved(), 0U);
    saving.stop();
    give(saving, 2);
    EXPECT_EQ(ledger(saving).saved(), 3U);
    EXPECT_EQ(ledger(saving).not_saved(), 2U);
}

TEST_F(SavingTest, AnOutputThatFailsIsToldOfOnceAndTheRestIsCounted) {
    Saving saving(CaptureMode::file, writer_to(::open("/dev/full", O_WRONLY | O_CLOEXEC)));
    give(saving, 3);
    EXPECT_FALSE(saving.take_error());
    saving.flush(interfaces);
    EXPECT_TRUE(saving.take_error());
    EXPECT_FALSE(saving.take_error());
    give(saving, 2);
    EXPECT_EQ(ledger(saving).saved(), 0U);
    EXPECT_EQ(ledger(saving).not_saved(), 5U);
}

TEST_F(SavingTest, KnowsWhenTheOutputHasSoManyBytes) {
    Saving saving(CaptureMode::file, writer_to(::memfd_create("output", MFD_CLOEXEC)));
    give(saving, 2);
    EXPECT_TRUE(saving.has_reached(kFileHeader + 2 * (kPacketHeader + kFrame)));
    EXPECT_FALSE(saving.has_reached(kFileHeader + 2 * (kPacketHeader + kFrame) + 1));
    EXPECT_FALSE(saving.has_reached(0)) << "there is no limit";
}

TEST_F(SavingTest, EachOfSeveralFilesHasAHeadAndItsPackets) {
    std::vector<int> files{::memfd_create("output", MFD_CLOEXEC)};
    Saving saving(CaptureMode::file, writer_to(::dup(files[0])));
    wire::FileLimits limits;
    limits.set_packets(2);
    saving.limit_files(limits, [&]() -> base::Result<base::UniqueFd> {
        files.push_back(::memfd_create("output", MFD_CLOEXEC));
        return base::UniqueFd(::dup(files.back()));
    });
    saving.begin(Saving::Clock::now(), false);
    give(saving, 5);
    saving.end(interfaces, 0);
    ASSERT_EQ(files.size(), 3U);
    const auto size_of = [&](std::size_t file) {
        return static_cast<std::uint64_t>(::lseek(files[file], 0, SEEK_END));
    };
    EXPECT_EQ(size_of(0), kFileHeader + 2 * (kPacketHeader + kFrame));
    EXPECT_EQ(size_of(1), size_of(0));
    EXPECT_EQ(size_of(2), kFileHeader + kPacketHeader + kFrame);
    EXPECT_EQ(ledger(saving).saved(), 5U);
    EXPECT_EQ(ledger(saving).ended_files(), 2U);
    EXPECT_EQ(ledger(saving).ended_bytes(), size_of(0) + size_of(1));
    EXPECT_EQ(ledger(saving).saved_bytes(), size_of(0) + size_of(1) + size_of(2));
    for (const int file : files) ::close(file);
}

TEST_F(SavingTest, AFileThatIsReadIsDividedByTheTimesOfItsPackets) {
    int files = 1;
    Saving saving(CaptureMode::file, writer_to(::memfd_create("output", MFD_CLOEXEC)));
    wire::FileLimits limits;
    limits.set_duration_ns(10);
    saving.limit_files(limits, [&]() -> base::Result<base::UniqueFd> {
        ++files;
        return base::UniqueFd(::memfd_create("output", MFD_CLOEXEC));
    });
    saving.begin(Saving::Clock::now(), false);
    for (const std::int64_t time : {100, 105, 109, 110, 119, 500}) {
        capture::Packet packet;
        packet.link_type = 1;
        packet.frame = frame;
        packet.wire_bytes = kFrame;
        packet.has_time = true;
        packet.time_ns = time;
        saving.save(packet, interfaces);
    }
    EXPECT_EQ(files, 3);
}

TEST_F(SavingTest, WhoCannotOpenTheNextFileSavesNoMore) {
    Saving saving(CaptureMode::file, writer_to(::memfd_create("output", MFD_CLOEXEC)));
    wire::FileLimits limits;
    limits.set_packets(2);
    saving.limit_files(limits, [&]() -> base::Result<base::UniqueFd> {
        return base::fail(base::ErrorCode::file, "no room");
    });
    saving.begin(Saving::Clock::now(), false);
    give(saving, 5);
    const auto error = saving.take_error();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message, "no room");
    EXPECT_EQ(ledger(saving).saved(), 2U);
    EXPECT_EQ(ledger(saving).not_saved(), 3U);
}

TEST_F(SavingTest, WithoutAnOutputNothingIsCounted) {
    Saving saving(CaptureMode::live, nullptr);
    give(saving, 3);
    saving.flush(interfaces);
    saving.end(interfaces, 0);
    EXPECT_EQ(saving.packets_waiting(), 0U);
    EXPECT_EQ(ledger(saving).saved() + ledger(saving).not_saved(), 0U);
    EXPECT_FALSE(saving.has_reached(1));
}

}  // namespace
}  // namespace packetsentry::worker
