// Packets of rows that were found, from the pcapng of a segment that a writer made.
#include "daemon/spool/search/packet_file.h"

#include <map>

#include "tests/unit/daemon/spool/search/searched_segments.h"
#include "tests/unit/daemon/spool/write/written_segments.h"

namespace packetsentry::spool {
namespace {

class Collected : public PacketSink {
  public:
    base::Result<void> take(const StoredPacket& packet) override {
        if (frames.size() == limit) return base::fail(base::ErrorCode::file, "the disk is full");
        frames.emplace_back(packet.place, std::string(as_text(packet.frame)));
        interfaces.push_back(packet.interface);
        wire_bytes.push_back(packet.wire_bytes);
        return {};
    }

    std::vector<std::pair<std::size_t, std::string>> frames;
    std::vector<std::uint32_t> interfaces, wire_bytes;
    std::size_t limit = ~std::size_t{0};
};

std::vector<test::SentPacket> packets_of_many_sizes() {
    std::vector<test::SentPacket> sent;
    for (std::uint64_t number = 1; number <= 300; ++number) {
        test::SentPacket packet = test::sent_packet(number, number % 50 == 0 ? 90'000 : number * 37 % 211);
        if (number % 7 == 0) packet.stored_limit = 0;
        if (number % 11 == 0) packet.stored_limit = 20;
        packet.interface = static_cast<std::uint32_t>(number % 3 == 0);
        sent.push_back(std::move(packet));
    }
    return sent;
}

struct WithPackets {
    std::vector<test::SentPacket> sent = packets_of_many_sizes();
    test::SegmentWriting writing{{.block_rows = 64}};
    test::WrittenSegment segment;

    WithPackets() {
        writing.append_all(sent);
        segment = writing.ended();
    }
    [[nodiscard]] SegmentFiles files() const { return files_of(segment.rows, {}, segment.packets); }
};

// Expects that each row has the packet with its number, if it was stored.
void expect_packets(const FoundRows& rows, const std::vector<test::SentPacket>& sent) {
    Collected collected;
    const auto counts = read_packets(rows, collected);
    ASSERT_TRUE(counts) << counts.error().message;
    const auto view = proto::BatchView::check(rows.batch);
    std::size_t next = 0;
    std::uint64_t not_stored = 0;
    for (std::uint32_t row = 0; row < view->rows(); ++row) {
        const test::SentPacket& packet = sent[view->number(row) - 1];
        if (packet.stored().empty()) {
            ++not_stored;
            continue;
        }
        ASSERT_LT(next, collected.frames.size());
        EXPECT_EQ(collected.frames[next].first, row);
        ASSERT_EQ(collected.frames[next].second, packet.stored()) << packet.number;
        EXPECT_EQ(collected.wire_bytes[next], packet.wire_bytes);
        ++next;
    }
    EXPECT_EQ(*counts, (PacketCounts{.read = next, .not_stored = not_stored}));
}

TEST(PacketFile, HasThePacketOfEachRow) {
    const WithPackets all;
    Question every = question_of({});
    const Searched searched = search_all(all.files(), every);
    ASSERT_GT(searched.found.size(), 3U);
    for (const FoundRows& rows : searched.found) expect_packets(rows, all.sent);
}

TEST(PacketFile, HasThePacketsOfSomeRows) {
    const WithPackets all;
    for (const char* display :
         {"frame.len < 60", "frame.len == 111", "frame.len > 80000", "frame.len in {37, 74}"}) {
        Question question = question_of({.display = display});
        const Searched searched = search_all(all.files(), question);
        ASSERT_FALSE(searched.found.empty()) << display;
        for (const FoundRows& rows : searched.found) expect_packets(rows, all.sent);
    }
}

TEST(PacketFile, CountsWhatIsNotThere) {
    const WithPackets all;
    Question every = question_of({});
    std::uint64_t stored = 0;
    for (const test::SentPacket& packet : all.sent) stored += packet.stored().empty() ? 0 : 1;
    const auto counts_of = [&](SegmentFiles files) {
        PacketCounts sum;
        for (const FoundRows& rows : search_all(std::move(files), every).found) {
            Collected collected;
            const PacketCounts counts = read_packets(rows, collected).value();
            EXPECT_EQ(counts.read, collected.frames.size());
            sum.read += counts.read;
            sum.not_stored += counts.not_stored;
            sum.unreadable += counts.unreadable;
        }
        return sum;
    };
    const std::uint64_t not_stored = all.sent.size() - stored;
    EXPECT_EQ(counts_of(all.files()), (PacketCounts{.read = stored, .not_stored = not_stored}));
    EXPECT_EQ(counts_of(files_of(all.segment.rows)),
              (PacketCounts{.not_stored = not_stored, .unreadable = stored}));
    EXPECT_EQ(counts_of(files_of(all.segment.rows, {}, "no pcapng file")),
              (PacketCounts{.not_stored = not_stored, .unreadable = stored}));
    SegmentFiles removed = files_of(all.segment.rows);
    removed.packets_removed = true;
    EXPECT_EQ(counts_of(std::move(removed)), (PacketCounts{.not_stored = all.sent.size()}))
        << "retention is no damage";
    const PacketCounts shorter =
        counts_of(files_of(all.segment.rows, {}, all.segment.packets.substr(0, 100'000)));
    EXPECT_EQ(shorter.read + shorter.unreadable, stored);
    EXPECT_GT(shorter.read, 0U);
    EXPECT_GT(shorter.unreadable, 0U);
}

// No byte that says what the block is may be wrong.
TEST(PacketFile, ChecksTheBlockOfAPacket) {
    test::SegmentWriting writing;
    writing.append(test::sent_packet(1, 60));
    const test::WrittenSegment segment = writing.ended();
    Question every = question_of({});
    const std::size_t block = segment.packets.size() - packet_block_bytes(60);
    for (const std::size_t at : {0U, 4U, 5U, 20U, 23U, 88U, 91U}) {
        std::string packets = segment.packets;
        packets[block + at] ^= 0x40;
        const Searched searched = search_all(files_of(segment.rows, {}, packets), every);
        ASSERT_EQ(searched.found.size(), 1U);
        Collected collected;
        EXPECT_EQ(read_packets(searched.found[0], collected).value(), PacketCounts{.unreadable = 1}) << at;
    }
}

TEST(PacketFile, HasEitherByteOrder) {
    const auto put = [](std::string& file, std::uint32_t number) {
        for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>(number >> shift);
    };
    std::string file;
    for (const std::uint32_t number : {0x0A0D0D0AU, 28U, 0x1A2B3C4DU, 0x00010000U, ~0U, ~0U, 28U})
        put(file, number);
    for (const std::uint32_t number : {6U, 36U, 2U, 0U, 0U, 3U, 99U}) put(file, number);
    file += std::string("abc\0", 4);
    put(file, 36);
    const auto packets = PacketFile::open(memory_file(file));
    ASSERT_TRUE(packets);
    Collected collected;
    const std::vector<PacketPlace> places = {{28, 3}};
    EXPECT_EQ(packets->read(places, collected).value(), PacketCounts{.read = 1});
    ASSERT_EQ(collected.frames.size(), 1U);
    EXPECT_EQ(collected.frames[0].second, "abc");
    EXPECT_EQ(collected.interfaces[0], 2U);
    EXPECT_EQ(collected.wire_bytes[0], 99U);
}

TEST(PacketFile, EndsWithTheErrorOfTheSink) {
    const WithPackets all;
    Question every = question_of({});
    const Searched searched = search_all(all.files(), every);
    Collected collected;
    collected.limit = 5;
    const auto counts = read_packets(searched.found.at(2), collected);
    ASSERT_FALSE(counts);
    EXPECT_EQ(counts.error().message, "the disk is full");
    EXPECT_EQ(collected.frames.size(), 5U);
}

TEST(PacketFile, TakesNoMemoryForAPlaceThatIsForged) {
    const WithPackets all;
    const auto packets = PacketFile::open(memory_file(all.segment.packets));
    ASSERT_TRUE(packets);
    Collected collected;
    const std::vector<PacketPlace> places = {
        {kFileHeaderBytes, ~std::uint32_t{0}}, {kFileBytesLimit, 60}, {~std::uint64_t{0} - 200, 60}};
    EXPECT_EQ(packets->read(places, collected).value(), PacketCounts{.unreadable = 3});
}

}  // namespace
}  // namespace packetsentry::spool
