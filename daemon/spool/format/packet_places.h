// Where the packets of a block stand in the segment's pcapng (FORMAT.md, "Packets").
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "daemon/spool/format/rows_frame.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

struct PacketPlace {
    std::uint64_t offset = 0;  // of the packet's block in the pcapng
    std::uint32_t bytes = 0;   // of the packet that are stored; 0: the pcapng has no block for it

    bool operator==(const PacketPlace&) const = default;
};

// The bytes that an enhanced packet block without options takes.
[[nodiscard]] constexpr std::uint64_t packet_block_bytes(std::uint32_t stored) {
    return 32 + ((std::uint64_t{stored} + 3) & ~std::uint64_t{3});
}

// Returns a place for each of these rows, and nothing if no packet of the frame is stored. batch: the one of
// the frame, for which matches() is true. rows: ascending, each below batch.rows(). A place is a claim of the
// rows file, so whoever reads there checks the packet's block.
[[nodiscard]] std::vector<PacketPlace> packet_places(const Frame& frame, const proto::BatchView& batch,
                                                     std::span<const std::uint32_t> rows);

}  // namespace packetsentry::spool
