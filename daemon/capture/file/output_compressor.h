// Packs what is written to an output.
//
// Each piece becomes a member of gzip (RFC 1952) by itself, and members may follow one another in a file. So
// a file can be unpacked up to its last whole piece, whatever happened to whoever wrote it, and another
// writer can go on behind that.
//
// Frames of zstd (RFC 8878) could do the same, but Wireshark 4.0 reads only the first frame of a file. So
// an ordinary file is one frame, to which each piece adds whole blocks, and complete() the last block.
// Whoever unpacks the file while it is written, or after its writer was killed, gets all whole pieces,
// and then the end of a frame that is not complete. Another writer cannot go on in that frame: it
// completes it, and begins a second one. It has no way to read whether that is necessary, so the size of
// the file tells: a frame is padded with empty blocks so that its size leaves 1 when it is divided by
// four, and the last block, of three bytes, makes it a multiple of four. To a pipe, each piece is a
// frame, because nobody goes back in a pipe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "daemon/base/result.h"

namespace packetsentry::capture {

enum class Compression : std::uint8_t { none, gzip, zstd };

class OutputCompressor {
  public:
    // Null if nothing is to be compressed. ordinary: the output is an ordinary file. Allocates what it
    // needs at the first piece.
    [[nodiscard]] static std::unique_ptr<OutputCompressor> make(Compression compression, bool ordinary);
    virtual ~OutputCompressor() = default;

    // Replaces the content of packed. Error: file, for want of memory.
    [[nodiscard]] virtual base::Result<void> pack(std::span<const std::byte> piece,
                                                  std::vector<std::byte>& packed) = 0;

    // The next piece is the first one that this object packs for a file, and is written where that has
    // these bytes.
    virtual void begin_file(std::uint64_t) {}
    // Appends what the file needs at its end.
    virtual void complete(std::vector<std::byte>&) {}
};

}  // namespace packetsentry::capture
