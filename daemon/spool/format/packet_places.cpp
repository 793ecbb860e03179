#include "daemon/spool/format/packet_places.h"

namespace packetsentry::spool {
namespace {

std::uint32_t stored_of(const Frame& frame, const proto::BatchView& batch, std::uint32_t row) {
    return frame.stored.empty() ? batch.captured_bytes(row) : frame.stored_bytes(row);
}

}  // namespace

std::vector<PacketPlace> packet_places(const Frame& frame, const proto::BatchView& batch,
                                       std::span<const std::uint32_t> rows) {
    if (frame.facts.packets_at == 0) return {};
    std::vector<PacketPlace> places;
    places.reserve(rows.size());
    std::uint64_t at = frame.facts.packets_at;
    std::uint32_t next = 0;
    for (const std::uint32_t row : rows) {
        for (; next < row; ++next)
            if (const std::uint32_t stored = stored_of(frame, batch, next); stored != 0)
                at += packet_block_bytes(stored);
        places.push_back({at, stored_of(frame, batch, row)});
    }
    return places;
}

}  // namespace packetsentry::spool
