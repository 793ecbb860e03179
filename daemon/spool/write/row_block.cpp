#include "daemon/spool/write/row_block.h"

#include "daemon/spool/write/growing_rows.h"

namespace packetsentry::spool {

void RowBlock::begin(std::uint64_t first_number) {
    builder_.number_from(first_number);
    stored_.clear();
    all_whole_ = true;
    packets_at_ = 0;
}

void RowBlock::note(const WrittenPacket& packet) {
    if (packets_at_ == 0 && packet.bytes != 0) packets_at_ = packet.place;
    stored_.push_back(packet.bytes);
    all_whole_ = all_whole_ && packet.whole;
}

void RowBlock::append(const RecordedPacket& recorded, const WrittenPacket& written) {
    if (rows() == 0) begin(recorded.number);
    note(written);
    builder_.append(recorded.packet, recorded.dissection, recorded.interfaces, recorded.interface_name);
}

void RowBlock::append(const record::BatchBuilder& batch, std::uint32_t first,
                      std::span<const WrittenPacket> packets) {
    if (rows() == 0) begin(batch.first_number() + first);
    for (const WrittenPacket& packet : packets) note(packet);
    builder_.append(batch, first, static_cast<std::uint32_t>(packets.size()));
}

base::Result<BlockFacts> RowBlock::seal(std::string& file, std::uint32_t block, std::uint32_t run,
                                        std::uint64_t seed) {
    const std::span<const std::uint32_t> column = all_whole_ ? std::span<const std::uint32_t>() : stored_;
    return append_block(file, builder_, block, run, seed, packets_at_, column);
}

}  // namespace packetsentry::spool
