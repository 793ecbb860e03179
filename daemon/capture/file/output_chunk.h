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
    // The first block is the head of a file, with so many bytes. It is left out where the file goes on
    // instead.
    std::size_t head_bytes = 0;
    bool ends_file = false;    // what follows belongs into another file
    bool ends_output = false;  // nothing follows

    [[nodiscard]] bool full() const { return bytes.size() >= kBytes; }
    [[nodiscard]] bool empty() const { return bytes.empty(); }
    // What was appended to bytes since the last block is one. packet: it is a packet.
    void end_block(bool packet) { blocks.push_back({bytes.size(), packet ? 1U : 0U}); }
    void reserve() { bytes.reserve(kBytes + kBlockReserve); }
    // The memory is kept for the next blocks.
    void clear() {
        bytes.clear();
        blocks.clear();
        head_bytes = 0;
        ends_file = ends_output = false;
    }
    void leave_out_head() {
        if (head_bytes == 0) return;
        bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(head_bytes));
        blocks.erase(blocks.begin());
        for (Block& block : blocks) block.end -= head_bytes;
        head_bytes = 0;
    }
};

}  // namespace packetsentry::capture
