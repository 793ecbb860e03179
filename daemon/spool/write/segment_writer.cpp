#include "daemon/spool/write/segment_writer.h"

#include <algorithm>
#include <utility>

#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

SegmentWriter::SegmentWriter(SegmentOutput& output, std::uint32_t run, const SegmentLimits& limits)
    : output_(output), run_(run), limits_(limits), block_(limits.block_rows) {
    packets_.chunk().reserve();
}

void SegmentWriter::begin(const FileHeader& header, Time now) {
    progress_ = {};
    seed_ = header.seed();
    segment_begun_ = now;
    packets_.begin();
    rows_bytes_ = encode(header);
    give_packets();
    give_rows();
}

void SegmentWriter::append(const RecordedPacket& recorded, Time now) {
    if (recorded.number < next_number_ || recorded.number > proto::kNumberLimit) {
        ++rows_refused_;
        return;
    }
    block_.prepare(recorded.dissection);
    if (must_end_block_before(recorded, now)) end_block();
    if (block_.rows() == 0) {
        block_begun_ = now;
        block_at_ = packets_.bytes();
    }
    block_.append(recorded, store(recorded));
    next_number_ = recorded.number + 1;
    if (block_.full() || packets_.bytes() - block_at_ >= limits_.block_packet_bytes) end_block();
}

bool SegmentWriter::must_end_block_before(const RecordedPacket& recorded, Time now) const {
    const auto due = block_due();
    if (!due) return false;
    const bool describes_interface = recorded.stored() != 0 && !packets_.describes(recorded.packet.interface);
    return now >= *due || recorded.number != next_number_ || describes_interface;
}

std::uint64_t SegmentWriter::store(const RecordedPacket& recorded) {
    const std::uint32_t stored = recorded.stored();
    if (stored == 0) return 0;
    capture::Packet packet = recorded.packet;
    packet.frame = packet.frame.first(stored);
    if (!packets_.describes(packet.interface))
        packets_.describe(packet.interface, recorded.interfaces[packet.interface]);
    const std::uint64_t place = packets_.append(packet);
    if (packets_.chunk().full()) give_packets();
    return place;
}

std::optional<SegmentWriter::Time> SegmentWriter::block_due() const {
    if (block_.rows() == 0) return std::nullopt;
    return block_begun_ + limits_.block_age;
}

void SegmentWriter::end_block() {
    const std::uint32_t rows = block_.rows();
    if (rows == 0) return;
    give_packets();
    rows_bytes_.clear();
    const auto facts = block_.seal(rows_bytes_, progress_.blocks, run_, seed_);
    if (!facts) {
        rows_refused_ += rows;
        return;
    }
    count(*facts);
    give_rows();
}

bool SegmentWriter::full(Time now) const {
    return progress_.rows + block_.rows() >= limits_.rows || bytes() >= limits_.bytes ||
           now - segment_begun_ >= limits_.age;
}

void SegmentWriter::give_packets() {
    capture::OutputChunk& chunk = packets_.chunk();
    if (chunk.empty()) return;
    chunk = output_.give_packets(std::move(chunk));
    chunk.reserve();
}

void SegmentWriter::give_rows() {
    const Bytes bytes = as_bytes(rows_bytes_);
    rows_chunk_.bytes.assign(bytes.begin(), bytes.end());
    rows_chunk_.end_block(false);
    progress_.rows_bytes += bytes.size();
    progress_.packets_bytes = packets_.bytes();
    rows_chunk_ = output_.give_rows(std::move(rows_chunk_), progress_);
}

void SegmentWriter::count(const BlockFacts& facts) {
    const bool first = progress_.blocks == 0;
    if (first) progress_.first_number = facts.first_number;
    progress_.last_number = facts.first_number + facts.rows - 1;
    progress_.first_time_ns =
        first ? facts.first_time_ns : std::min(progress_.first_time_ns, facts.first_time_ns);
    progress_.last_time_ns =
        first ? facts.last_time_ns : std::max(progress_.last_time_ns, facts.last_time_ns);
    progress_.rows += facts.rows;
    ++progress_.blocks;
}

}  // namespace packetsentry::spool
