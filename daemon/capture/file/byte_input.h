// Where a capture file's bytes come from: a descriptor, or what decompresses another input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/base/result.h"

namespace packetsentry::capture {

struct Chunk {
    enum class State : std::uint8_t { data, waiting, end };
    State state = State::data;
    std::size_t size = 0;  // not 0 with data
};

class ByteInput {
  public:
    virtual ~ByteInput() = default;

    // Up to out.size() (not 0) bytes. waiting: a pipe has none now. Error: file.
    [[nodiscard]] virtual base::Result<Chunk> read(std::span<std::byte> out) = 0;
    // Bytes of the descriptor used so far; compressed ones where it is compressed.
    [[nodiscard]] virtual std::uint64_t position() const = 0;
};

}  // namespace packetsentry::capture
