// Segments that a SegmentWriter fills in memory, and what the readers of the format find in them.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "daemon/spool/format/packet_places.h"
#include "daemon/spool/format/rows_reader.h"
#include "daemon/spool/write/segment_writer.h"
#include "tests/unit/daemon/capture/capture_bytes.h"
#include "tests/unit/daemon/spool/format/sample_segment.h"

namespace packetsentry::test {

struct WrittenSegment {
    std::string rows = {};
    std::string packets = {};
    spool::SegmentProgress progress = {};  // the last one that was told
};

// A packet that was appended, and how many bytes of it were to be stored.
struct SentPacket {
    std::uint64_t number = 0;
    std::int64_t time_ns = 0;
    bool has_time = true;
    std::uint32_t wire_bytes = 0;
    std::uint32_t interface = 0;
    std::string frame = {};
    std::uint32_t stored_limit = spool::RecordedPacket::kWhole;

    [[nodiscard]] std::string stored() const { return frame.substr(0, stored_limit); }
};

// A packet of captured bytes that differ from those of other numbers.
inline SentPacket sent_packet(std::uint64_t number, std::size_t captured = 60) {
    std::string frame(captured, static_cast<char>(number));
    for (std::size_t i = 0; i < captured; i += 7) frame[i] = static_cast<char>(number >> (i % 5));
    return {.number = number,
            .time_ns = kSegmentTime + static_cast<std::int64_t>(number),
            .wire_bytes = static_cast<std::uint32_t>(captured),
            .frame = std::move(frame)};
}

// Appends each chunk to the file of the present segment.
class MemoryOutput : public spool::SegmentOutput {
  public:
    capture::OutputChunk give_packets(capture::OutputChunk chunk) override {
        EXPECT_EQ(chunk.blocks.back().end, chunk.bytes.size());
        EXPECT_LT(chunk.bytes.size(), 2 * capture::OutputChunk::kBytes);
        segments.back().packets += spool::as_text(chunk.bytes);
        return emptied(std::move(chunk));
    }
    // What is told must be there already: so the packets of a block came before its frame.
    capture::OutputChunk give_rows(capture::OutputChunk chunk,
                                   const spool::SegmentProgress& progress) override {
        EXPECT_EQ(chunk.blocks.back().end, chunk.bytes.size());
        WrittenSegment& segment = segments.back();
        segment.rows += spool::as_text(chunk.bytes);
        segment.progress = progress;
        EXPECT_EQ(progress.rows_bytes, segment.rows.size());
        EXPECT_EQ(progress.packets_bytes, segment.packets.size());
        return emptied(std::move(chunk));
    }

    std::vector<WrittenSegment> segments;

  private:
    static capture::OutputChunk emptied(capture::OutputChunk chunk) {
        chunk.clear();
        return chunk;
    }
};

// A writer whose clock the test moves.
class SegmentWriting {
  public:
    static constexpr std::uint32_t kRun = 7;

    explicit SegmentWriting(const spool::SegmentLimits& limits = {}) : writer(output, kRun, limits) {
        writer.take_rows_of(batch);
        begin();
    }

    void begin() {
        writer.end();
        output.segments.emplace_back();
        spool::FileHeader header = sample_header(spool::FileKind::rows);
        header.counter += output.segments.size() - 1;
        writer.begin(header, now);
    }
    void append(const SentPacket& sent, const dissect::Dissection& dissection = {}) {
        const capture::Packet packet = packet_of(sent);
        writer.append(spool::RecordedPacket{.number = sent.number,
                                            .packet = packet,
                                            .dissection = dissection,
                                            .interfaces = interfaces,
                                            .stored_limit = sent.stored_limit},
                      now);
    }
    // Its row is put into the batch, and taken over from there when that ends. So are the rows of all numbers
    // before it, of which nothing is kept.
    void append_batched(const SentPacket& sent) {
        while (batch.first_number() + batch.rows() < sent.number) append_to_batch({});
        const capture::Packet packet = packet_of(sent);
        writer.append(spool::BatchedPacket{sent.number, packet, interfaces, sent.stored_limit}, now);
        append_to_batch(packet);
    }
    void end_batch() {
        writer.take_rows();
        batch.discard();
    }
    void append_all(const std::vector<SentPacket>& sent) {
        for (const SentPacket& packet : sent) append(packet);
    }
    // Ends the segment, and returns it.
    const WrittenSegment& ended() {
        writer.end();
        EXPECT_EQ(writer.progress(), output.segments.back().progress);
        return output.segments.back();
    }

    spool::SegmentWriter::Time now{std::chrono::hours(1)};
    std::vector<capture::SourceInterface> interfaces{
        {"eth0", 1, 262144, 2}, {"eth1", 1, 96, 3}, {"tun0", 101, 262144, 4}};
    MemoryOutput output;
    dissect::Dissection batched;  // of rows that are put into the batch
    record::BatchBuilder batch;
    spool::SegmentWriter writer;

  private:
    [[nodiscard]] capture::Packet packet_of(const SentPacket& sent) const {
        return {.time_ns = sent.time_ns,
                .has_time = sent.has_time,
                .wire_bytes = sent.wire_bytes,
                .link_type = interfaces.at(sent.interface).link_type,
                .interface = sent.interface,
                .frame = std::as_bytes(std::span(sent.frame))};
    }
    void append_to_batch(const capture::Packet& packet) {
        batch.append(packet, batched, interfaces);
        if (batch.full()) end_batch();
    }
};

// A block as it was read. Its batch has an address of its own, because the view refers to it.
struct ReadBlock {
    spool::BlockFacts facts = {};
    bool has_lengths = false;
    wire::Batch batch = {};
    std::vector<spool::PacketPlace> places = {};
};

// Reads all whole blocks of a rows file, and expects that nothing but a partial frame at the end is in
// between.
inline std::deque<ReadBlock> read_blocks(std::string_view rows) {
    std::deque<ReadBlock> blocks;
    auto reader = spool::RowsReader::open(spool::as_bytes(rows));
    if (!reader) return blocks;
    while (const auto next = reader->next()) {
        if (!*next) {
            EXPECT_EQ(next->error().problem, spool::FrameProblem::partial);
            continue;
        }
        const spool::Frame& frame = **next;
        ReadBlock& block = blocks.emplace_back();
        block.facts = frame.facts;
        block.has_lengths = !frame.stored.empty();
        EXPECT_TRUE(block.batch.ParseFromString(std::string(spool::as_text(frame.payload))));
        const auto view = proto::BatchView::check(block.batch);
        EXPECT_TRUE(view && spool::matches(frame.facts, wire::TABLE_PACKETS, *view));
        EXPECT_EQ(frame.facts.run, SegmentWriting::kRun);
        EXPECT_EQ(frame.facts.block, blocks.size() - 1);
        if (!view) continue;
        std::vector<std::uint32_t> numbers(view->rows());
        std::iota(numbers.begin(), numbers.end(), 0U);
        block.places = spool::packet_places(frame, *view, numbers);
    }
    return blocks;
}

// The bytes of an enhanced packet block without options, as FORMAT.md has it; empty if none stands there.
inline std::string packet_at(std::string_view pcapng, const spool::PacketPlace& place) {
    const std::uint64_t size = spool::packet_block_bytes(place.bytes);
    if (place.offset + size > pcapng.size()) return {};
    const spool::Bytes block = spool::as_bytes(pcapng.substr(place.offset, size));
    const auto number = [block](std::size_t at) { return spool::number_in<std::uint32_t>(block, at); };
    if (number(0) != 6 || number(4) != size || number(20) != place.bytes || number(size - 4) != size)
        return {};
    return std::string(spool::as_text(block.subspan(28, place.bytes)));
}

// Expects that blocks have these packets, and that each is found in the pcapng where it must be.
inline void expect_found(const std::deque<ReadBlock>& blocks, std::string_view pcapng,
                         const std::vector<SentPacket>& sent) {
    std::size_t at = 0;
    for (const ReadBlock& block : blocks) {
        for (std::uint32_t row = 0; row < block.facts.rows; ++row, ++at) {
            ASSERT_LT(at, sent.size());
            const SentPacket& packet = sent[at];
            ASSERT_EQ(block.facts.first_number + row, packet.number);
            if (block.places.empty()) {
                ASSERT_EQ(packet.stored(), "");
                continue;
            }
            ASSERT_EQ(block.places[row].bytes, packet.stored().size()) << packet.number;
            if (packet.stored().empty()) continue;
            ASSERT_EQ(packet_at(pcapng, block.places[row]), packet.stored()) << packet.number;
        }
    }
    EXPECT_EQ(at, sent.size());
}

// Expects that a segment has these packets and nothing else, for each of its readers.
inline void expect_holds(const WrittenSegment& segment, const std::vector<SentPacket>& sent) {
    expect_found(read_blocks(segment.rows), segment.packets, sent);
    EXPECT_EQ(segment.progress.rows, sent.size());
    const auto reading = capture::read_bytes(segment.packets);
    EXPECT_EQ(reading.message(), "");
    auto seen = reading.packets.begin();
    for (const SentPacket& packet : sent) {
        if (packet.stored().empty()) continue;
        ASSERT_NE(seen, reading.packets.end());
        EXPECT_EQ(seen->frame, packet.stored());
        EXPECT_EQ(seen->wire_bytes, packet.wire_bytes);
        EXPECT_EQ(seen->time_ns, packet.has_time && packet.time_ns >= 0 ? packet.time_ns : 0);
        ++seen;
    }
    EXPECT_EQ(seen, reading.packets.end());
}

inline std::vector<std::uint32_t> rows_of_blocks(const WrittenSegment& segment) {
    std::vector<std::uint32_t> rows;
    for (const ReadBlock& block : read_blocks(segment.rows)) rows.push_back(block.facts.rows);
    return rows;
}

}  // namespace packetsentry::test
