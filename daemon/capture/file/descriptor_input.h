// Bytes of an ordinary file, a pipe or a socket.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/file/byte_input.h"

namespace packetsentry::capture {

class DescriptorInput : public ByteInput {
  public:
    // Error: file, where the descriptor is of another kind (a directory, a device).
    [[nodiscard]] static base::Result<DescriptorInput> open(base::UniqueFd descriptor);

    // Never waits, and leaves the descriptor's flags alone: they are shared with whoever passed it.
    [[nodiscard]] base::Result<Chunk> read(std::span<std::byte> out) override;
    [[nodiscard]] std::uint64_t position() const override { return position_; }

    // The first bytes (at most 4), waiting for them; read() gives them again.
    [[nodiscard]] base::Result<std::span<const std::byte>> peek();

    void wait() const;
    [[nodiscard]] int fd() const { return descriptor_.get(); }
    [[nodiscard]] int wait_fd() const { return ordinary_ ? -1 : descriptor_.get(); }
    [[nodiscard]] std::uint64_t file_bytes() const { return file_bytes_; }  // 0 of a pipe

  private:
    [[nodiscard]] base::Result<Chunk> read_descriptor(std::span<std::byte> out);

    base::UniqueFd descriptor_;
    bool ordinary_ = false;
    std::uint64_t file_bytes_ = 0;
    std::uint64_t position_ = 0;
    std::array<std::byte, 4> peeked_{};
    std::size_t peeked_begin_ = 0;
    std::size_t peeked_end_ = 0;
};

}  // namespace packetsentry::capture
