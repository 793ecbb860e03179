// Whole blocks of a capture file, on their way to the output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace packetsentry::capture {

struct OutputChunk {
    static constexpr std::size_t kBytes = 1U << 20;          // a chunk of this size is written
    static constexpr std::size_t kBlockReserve = 64 * 1024;  // for the block that fills the chunk

    struct Block {
        std::size_t end = 0;        // in bytes
        std::uint64_t packets = 0;  // that are whole with it
    };

    std::vector<std::byte> bytes;
    std::vector<Block> blocks;

    [[nodiscard]] bool full() const { return bytes.size() >= kBytes; }
    [[nodiscard]] bool empty() const { return bytes.empty(); }
    // What was appended to bytes since the last block is one. packet: it is a packet.
    void end_block(bool packet) { blocks.push_back({bytes.size(), packet ? 1U : 0U}); }
    void reserve() { bytes.reserve(kBytes + kBlockReserve); }
    // The memory is kept for the next blocks.
    void clear() {
        bytes.clear();
        blocks.clear();
    }
};

}  // namespace packetsentry::capture
