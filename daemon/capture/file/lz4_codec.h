// lz4 frames (github.com/lz4/lz4, doc/lz4_Frame_format.md): one or several after another. A block has at most
// 4 MiB, and so has what the library keeps of it.
#pragma once

#include <lz4frame.h>

#include <memory>

#include "daemon/capture/file/codec.h"

namespace packetsentry::capture {

class Lz4Codec : public Codec {
  public:
    Lz4Codec();

    [[nodiscard]] std::string_view name() const override { return "lz4"; }
    [[nodiscard]] std::expected<std::size_t, Failure> unpack(std::span<const std::byte>& in,
                                                             std::span<std::byte> out) override;
    [[nodiscard]] bool in_frame() const override { return in_frame_; }

  private:
    struct Close {
        void operator()(LZ4F_dctx* state) const { LZ4F_freeDecompressionContext(state); }
    };

    std::unique_ptr<LZ4F_dctx, Close> state_;
    bool in_frame_ = true;
};

}  // namespace packetsentry::capture
