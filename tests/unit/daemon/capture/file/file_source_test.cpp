#include "daemon/capture/file/file_source.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/capture/capture_bytes.h"

namespace packetsentry::capture {
namespace {

using testing::HasSubstr;

constexpr Order kOrder = Order::little;

// IPv4 with this protocol number, from 10.0.0.1 to 10.0.0.2, without options.
std::string ip_packet(char protocol) {
    return std::string("\x45\0\0\x1c\0\0\0\0\x40", 9) + protocol +
           std::string("\0\0\x0a\0\0\x01\x0a\0\0\x02", 10) + std::string("\0\x35\0\x35\0\x08\0\0", 8);
}
std::string ethernet(char protocol) {
    return std::string("\0\x11\x22\x33\x44\x55\0\x11\x22\x33\x44\x66\x08\0", 14) + ip_packet(protocol);
}
constexpr char kTcpNumber = 6;
constexpr char kUdpNumber = 17;

std::string record(const std::string& frame) {
    return pcap_record(kOrder, 1, 1, frame, static_cast<std::uint32_t>(frame.size()));
}
std::string packet_block(std::uint32_t interface, const std::string& frame) {
    return enhanced(kOrder, interface, 1, frame, static_cast<std::uint32_t>(frame.size()));
}

TEST(FileSource, FilterIsAppliedAndCounted) {
    const auto reading = read_bytes(pcap_head(kOrder, true) + record(ethernet(kUdpNumber)) +
                                        record(ethernet(kTcpNumber)) + record(ethernet(kUdpNumber)),
                                    "udp port 53");
    EXPECT_EQ(reading.packets.size(), 2U);
    EXPECT_EQ(reading.counters.delivered, 3U);
    EXPECT_EQ(reading.counters.filtered, 1U);
    EXPECT_EQ(reading.counters.received, 0U);
}

TEST(FileSource, FilterKnowsEachLinkType) {
    const auto reading =
        read_bytes(section(kOrder) + interface_block(kOrder, 1, 0) + packet_block(0, ethernet(kUdpNumber)) +
                       packet_block(0, ethernet(kTcpNumber)) + interface_block(kOrder, 101, 0) +
                       packet_block(1, ip_packet(kUdpNumber)) + packet_block(1, ip_packet(kTcpNumber)) +
                       packet_block(0, ethernet(kUdpNumber)),
                   "udp");
    ASSERT_EQ(reading.packets.size(), 3U);
    EXPECT_EQ(reading.packets[0].link_type, 1U);
    EXPECT_EQ(reading.packets[1].link_type, 101U);
    EXPECT_EQ(reading.packets[2].link_type, 1U);
}

TEST(FileSource, FilterThatOneLinkTypeCannotHavePassesNoneOfIts) {
    const auto reading =
        read_bytes(section(kOrder) + interface_block(kOrder, 101, 0) + interface_block(kOrder, 1, 0) +
                       packet_block(0, ip_packet(kUdpNumber)) + packet_block(1, ethernet(kUdpNumber)),
                   "ether host 0:11:22:33:44:55");
    EXPECT_EQ(reading.message(), "");
    ASSERT_EQ(reading.packets.size(), 1U);
    EXPECT_EQ(reading.packets[0].interface, 1U);
    EXPECT_EQ(reading.counters.filtered, 1U);
}

TEST(FileSource, FilterThatNoLinkTypeCanHaveIsRefused) {
    const auto reading =
        read_bytes(section(kOrder) + interface_block(kOrder, 101, 0) + packet_block(0, ip_packet(kUdpNumber)),
                   "ether host 0:11:22:33:44:55");
    EXPECT_FALSE(reading.opened);
    EXPECT_EQ(reading.error->code, base::ErrorCode::filter);
    EXPECT_THAT(reading.message(), HasSubstr("at '0:11:22:33:44:55' (character 12)"));
}

TEST(FileSource, BadFilterIsRefusedEvenForAnEmptyFile) {
    for (const std::string& file : {pcap_head(kOrder, true), section(kOrder)}) {
        const auto reading = read_bytes(file, "tcp prot 80");
        EXPECT_FALSE(reading.opened);
        EXPECT_EQ(reading.error->code, base::ErrorCode::filter);
    }
}

TEST(FileSource, ManyLinkTypesCostLittle) {
    std::string file = section(kOrder);
    for (std::uint16_t i = 0; i < 4000; ++i)
        file += interface_block(kOrder, static_cast<std::uint16_t>(300 + i), 0);
    for (std::uint32_t i = 0; i < 4000; ++i) file += packet_block(i, "x");
    const auto reading =
        read_bytes(file + interface_block(kOrder, 1, 0) + packet_block(4000, ethernet(kUdpNumber)), "udp");
    EXPECT_EQ(reading.error ? reading.error->code : base::ErrorCode::filter, base::ErrorCode::filter);
}

TEST(FileSource, SinkStopsAfterAPacket) {
    auto source = FileSource::open(
        memory_file(pcap_head(kOrder, true) + record("one") + record("two") + record("three")), {});
    ASSERT_TRUE(source);
    Collector collector;
    collector.stop_at = 2;
    EXPECT_EQ((*source)->read(collector, 100).value(), SourceState::ready);
    EXPECT_EQ(collector.seen.size(), 2U);
    collector.stop_at = 100;
    EXPECT_EQ((*source)->read(collector, 100).value(), SourceState::end);
    ASSERT_EQ(collector.seen.size(), 3U);
    EXPECT_EQ(collector.seen[2].frame, "three");
    EXPECT_EQ((*source)->read(collector, 100).value(), SourceState::end);
    EXPECT_TRUE((*source)->wait_fds().empty());
}

TEST(FileSource, ErrorEndsTheSource) {
    auto source = FileSource::open(memory_file(pcap_head(kOrder, true) + "cut"), {});
    ASSERT_TRUE(source);
    Collector collector;
    EXPECT_FALSE((*source)->read(collector, 100));
    EXPECT_EQ((*source)->read(collector, 100).value(), SourceState::end);
}

TEST(FileSource, PositionIsInTheCompressedFile) {
    const std::string file = pcap_head(kOrder, true) + record(std::string(10'000, 'x'));
    const std::string packed = gzipped(file);
    const auto reading = read_bytes(packed);
    EXPECT_EQ(reading.packets.size(), 1U);
    EXPECT_EQ(reading.counters.position, packed.size());
    EXPECT_EQ(read_bytes(file).counters.position, file.size());
}

TEST(FileSource, PacketsThatStraddleTheBufferAreWhole) {
    std::string file = pcap_head(kOrder, true, 1, 262144);
    for (char c = 'a'; c <= 'z'; ++c) file += record(std::string(100'000 + static_cast<std::size_t>(c), c));
    for (const auto& pack :
         {+[](std::string_view bytes) { return std::string(bytes); }, &gzipped, &zstd_compressed}) {
        const auto reading = read_bytes(pack(file));
        EXPECT_EQ(reading.message(), "");
        ASSERT_EQ(reading.packets.size(), 26U);
        for (std::size_t i = 0; i < 26; ++i) {
            const char c = static_cast<char>('a' + i);
            EXPECT_EQ(reading.packets[i].frame, std::string(100'000 + static_cast<std::size_t>(c), c));
        }
    }
}

TEST(FileSource, CutCompressionGivesThePacketsBefore) {
    std::string file = pcap_head(kOrder, true);
    for (std::uint32_t i = 0; i < 20'000; ++i)
        file += pcap_record(kOrder, i, i * 7919 % 1'000'000, "frame", i);
    const std::string packed = gzipped(file);
    const auto reading = read_bytes(packed.substr(0, packed.size() / 2));
    EXPECT_GT(reading.packets.size(), 1000U);
    EXPECT_LT(reading.packets.size(), 20'000U);
    EXPECT_THAT(reading.message(),
                HasSubstr("the gzip data is truncated (byte " + std::to_string(packed.size() / 2) + "), "));
}

TEST(FileSource, PipeIsIdleUntilMoreComes) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    base::UniqueFd writing(ends[1]);
    const auto send = [&](const std::string& bytes) {
        ASSERT_EQ(::write(writing.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    };
    send(pcap_head(kOrder, true) + record("one") + record("two").substr(0, 17));
    auto source = FileSource::open(base::UniqueFd(ends[0]), {});
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->wait_fds(), std::vector<int>{ends[0]});
    EXPECT_EQ((*source)->file_bytes(), 0U);
    Collector collector;
    EXPECT_EQ((*source)->read(collector, 100).value(), SourceState::idle);
    EXPECT_EQ(collector.seen.size(), 1U);
    send(record("two").substr(17));
    EXPECT_EQ((*source)->read(collector, 100).value(), SourceState::idle);
    ASSERT_EQ(collector.seen.size(), 2U);
    EXPECT_EQ(collector.seen[1].frame, "two");
    writing.reset();
    EXPECT_EQ((*source)->read(collector, 100).value(), SourceState::end);
}

TEST(FileSource, FileThatShrinksWhileReadIsCut) {
    std::string many = pcap_head(kOrder, true, 1, 262144);
    for (int i = 0; i < 40; ++i) many += record(std::string(200'000, 'x'));
    auto input = memory_file(many);
    const base::UniqueFd other(::dup(input.get()));
    auto source = FileSource::open(std::move(input), {});
    ASSERT_TRUE(source);
    Collector collector;
    EXPECT_EQ((*source)->read(collector, 1).value(), SourceState::ready);
    ASSERT_EQ(::ftruncate(other.get(), 1'500'000), 0);
    auto state = (*source)->read(collector, 1000);
    ASSERT_FALSE(state);
    EXPECT_THAT(state.error().message, HasSubstr("the file is truncated in the middle of packet"));
}

// Compares each frame with what was said about it before.
class NextFrames : public PacketSink {
  public:
    bool packet(const Packet& packet) override {
        if (!said_.empty()) {
            EXPECT_EQ(packet.frame.data(), said_.data());
            EXPECT_LE(packet.frame.size(), said_.size());
            ++compared;
        }
        said_ = last = packet.next_frame;
        if (first_end == nullptr) first_end = said_.data() + said_.size();
        end = packet.frame.data() + packet.frame.size();
        return true;
    }
    int compared = 0;
    std::span<const std::byte> last;
    const std::byte* first_end = nullptr;  // of what was said at first
    const std::byte* end = nullptr;        // of the last frame

  private:
    std::span<const std::byte> said_;
};

TEST(FileSource, TellsWhereTheNextFrameBegins) {
    std::string pcap = pcap_head(kOrder, true);
    std::string enhanced_blocks = section(kOrder) + interface_block(kOrder, 1, 0);
    std::string simple_blocks = enhanced_blocks;
    for (const char protocol : {kUdpNumber, kTcpNumber, kUdpNumber}) {
        const std::string frame = ethernet(protocol);
        pcap += record(frame);
        enhanced_blocks += packet_block(0, frame);
        simple_blocks += simple(kOrder, static_cast<std::uint32_t>(frame.size()), frame);
    }
    const std::size_t padding = (4 - ethernet(kUdpNumber).size() % 4) % 4;
    const std::pair<std::string, std::size_t> files[] = {
        {pcap, 0}, {enhanced_blocks, padding + 4}, {simple_blocks, padding + 4}};
    for (const auto& [file, behind_last] : files) {
        auto source = FileSource::open(memory_file(file), {});
        ASSERT_TRUE(source);
        NextFrames frames;
        ASSERT_TRUE((*source)->read(frames, 3));
        EXPECT_EQ(frames.compared, 2);
        EXPECT_TRUE(frames.last.empty());
        EXPECT_EQ(frames.first_end, frames.end + behind_last) << "it ends where the file does";
    }
}

}  // namespace
}  // namespace packetsentry::capture
