#include "daemon/spool/write/segment_writer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

SegmentWriter::SegmentWriter(SegmentOutput& output, std::uint32_t run, const SegmentLimits& limits)
    : output_(output), run_(run), limits_(limits), block_(limits.block_rows), file_(output) {
    packets_.chunk().reserve();
}

void SegmentWriter::begin(const FileHeader& header, Time now) {
    segment_begun_ = now;
    packets_.begin();
    give_packets();
    file_.begin(header, packets_.bytes());
}

void SegmentWriter::append(const RecordedPacket& recorded, Time now) {
    const BatchedPacket row{recorded.number, recorded.packet, recorded.interfaces, recorded.stored_limit};
    if (!admit(row, now)) return;
    block_.append(recorded, store(row));
    if (block_is_full()) end_block();
}

// A block that is full then ends before the next row, or when the rows are taken over.
void SegmentWriter::append(const BatchedPacket& row, Time now) {
    if (!admit(row, now)) return;
    if (waiting_.empty()) {
        first_waiting_ = row.number;
        waits_since_ = now;
    }
    waiting_.push_back(store(row));
}

bool SegmentWriter::admit(const BatchedPacket& row, Time now) {
    if (row.number < next_number_ || row.number > proto::kNumberLimit) {
        ++rows_refused_;
        return false;
    }
    if (must_end_block_before(row, now)) end_block();
    if (open_rows() == 0) {
        block_begun_ = now;
        block_at_ = packets_.bytes();
    }
    next_number_ = row.number + 1;
    return true;
}

bool SegmentWriter::must_end_block_before(const BatchedPacket& row, Time now) const {
    const auto due = block_due();
    if (!due) return false;
    const bool describes_interface =
        row.stored_limit != 0 && !row.packet.frame.empty() && !packets_.describes(row.packet.interface);
    return now >= *due || row.number != next_number_ || describes_interface || block_is_full();
}

bool SegmentWriter::block_is_full() const {
    return open_rows() >= limits_.block_rows || block_.full() ||
           packets_.bytes() - block_at_ >= limits_.block_packet_bytes;
}

WrittenPacket SegmentWriter::store(const BatchedPacket& row) {
    const std::size_t captured = row.packet.frame.size();
    const auto bytes = static_cast<std::uint32_t>(std::min<std::size_t>(captured, row.stored_limit));
    WrittenPacket written{.bytes = bytes, .whole = bytes == captured};
    if (bytes == 0) return written;
    capture::Packet packet = row.packet;
    packet.frame = packet.frame.first(bytes);
    if (!packets_.describes(packet.interface))
        packets_.describe(packet.interface, row.interfaces[packet.interface]);
    written.place = packets_.append(packet);
    if (packets_.chunk().full()) give_packets();
    return written;
}

bool SegmentWriter::batch_has_waiting_rows() const {
    if (batch_ == nullptr || first_waiting_ < batch_->first_number()) return false;
    const std::uint64_t before = first_waiting_ - batch_->first_number();
    return before <= batch_->rows() && waiting_.size() <= batch_->rows() - before;
}

void SegmentWriter::take_rows() {
    if (waiting_.empty()) return;
    if (!batch_has_waiting_rows()) {
        rows_refused_ += waiting_.size();
        waiting_.clear();
        return;
    }
    if (!block_.has_room_for(*batch_)) split_block();
    block_.append(*batch_, static_cast<std::uint32_t>(first_waiting_ - batch_->first_number()), waiting_);
    waiting_.clear();
    if (block_is_full()) seal_block();
}

// The rows that wait become another block, which began with the first of them.
void SegmentWriter::split_block() {
    seal_block();
    block_begun_ = waits_since_;
    const auto stored = std::ranges::find_if(waiting_, [](const auto& packet) { return packet.bytes != 0; });
    block_at_ = stored == waiting_.end() ? packets_.bytes() : stored->place;
}

std::optional<SegmentWriter::Time> SegmentWriter::block_due() const {
    if (open_rows() == 0) return std::nullopt;
    return block_begun_ + limits_.block_age;
}

void SegmentWriter::end_block() {
    take_rows();
    seal_block();
}

void SegmentWriter::seal_block() {
    const std::uint32_t rows = block_.rows();
    if (rows == 0) return;
    give_packets();
    const auto seal = [this](std::string& file, std::uint32_t block, std::uint64_t seed) {
        return block_.seal(file, block, run_, seed);
    };
    if (!file_.append(seal, packets_.bytes())) rows_refused_ += rows;
}

bool SegmentWriter::full(Time now) const {
    return progress().rows + open_rows() >= limits_.rows || bytes() >= limits_.bytes ||
           now - segment_begun_ >= limits_.age;
}

void SegmentWriter::give_packets() {
    capture::OutputChunk& chunk = packets_.chunk();
    if (chunk.empty()) return;
    chunk = output_.give_packets(std::move(chunk));
    chunk.reserve();
}

}  // namespace packetsentry::spool
