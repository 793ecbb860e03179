#include "daemon/worker/saving.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

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
