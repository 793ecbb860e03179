// Packs what is written to an output.
//
// Each piece becomes a member of gzip (RFC 1952) by itself, and members may follow one another in a file. So
// a file can be unpacked up to its last whole piece, whatever happened to whoever wrote it, and another
// writer can go on behind that. Frames of zstd could do the same, but Wireshark 4.0 reads no file of several
// frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "daemon/base/result.h"

namespace packetsentry::capture {

enum class Compression : std::uint8_t { none, gzip };

class OutputCompressor {
  public:
    // Null if nothing is to be compressed. Allocates what it needs at the first piece.
    [[nodiscard]] static std::unique_ptr<OutputCompressor> make(Compression compression);
    virtual ~OutputCompressor() = default;

    // Replaces the content of packed. Error: file, for want of memory.
    [[nodiscard]] virtual base::Result<void> pack(std::span<const std::byte> piece,
                                                  std::vector<std::byte>& packed) = 0;
};

}  // namespace packetsentry::capture
