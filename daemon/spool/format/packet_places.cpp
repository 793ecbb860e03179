#include "daemon/spool/format/packet_places.h"

namespace packetsentry::spool {

std::vector<PacketPlace> packet_places(const Frame& frame, const proto::BatchView& batch) {
    if (frame.facts.packets_at == 0) return {};
    std::vector<PacketPlace> places;
    places.reserve(batch.rows());
    std::uint64_t at = frame.facts.packets_at;
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
        const std::uint32_t stored =
            frame.stored.empty() ? batch.captured_bytes(row) : frame.stored_bytes(row);
        places.push_back({at, stored});
        if (stored != 0) at += packet_block_bytes(stored);
    }
    return places;
}

}  // namespace packetsentry::spool
