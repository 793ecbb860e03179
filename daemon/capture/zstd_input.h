// Decompresses zstd (RFC 8878), one frame or several after another.
#pragma once

#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/byte_input.h"

namespace packetsentry::capture {

class ZstdInput : public ByteInput {
  public:
    // from: must outlive this.
    explicit ZstdInput(ByteInput& from);

    // Error also for a frame that needs a window over 8 MiB, the least RFC 8878 asks a reader to have.
    [[nodiscard]] base::Result<Chunk> read(std::span<std::byte> out) override;
    [[nodiscard]] std::uint64_t position() const override { return from_.position() - (in_.size - in_.pos); }

  private:
    struct Close {
        void operator()(ZSTD_DStream* state) const { ZSTD_freeDStream(state); }
    };

    [[nodiscard]] base::Result<Chunk::State> refill();
    [[nodiscard]] base::Error damaged(std::size_t status) const;

    ByteInput& from_;
    std::vector<std::byte> compressed_;
    std::unique_ptr<ZSTD_DStream, Close> state_;
    ZSTD_inBuffer in_{nullptr, 0, 0};
    bool in_frame_ = true;
    bool more_inside_ = false;  // decompressed bytes that did not fit the last time
};

}  // namespace packetsentry::capture
