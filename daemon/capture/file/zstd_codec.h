// zstd (RFC 8878): one frame or several after another. One that needs a window over 8 MiB, the least that RFC
// 8878 asks a reader to have, is refused.
#pragma once

#include <zstd.h>

#include <memory>

#include "daemon/capture/file/codec.h"

namespace packetsentry::capture {

class ZstdCodec : public Codec {
  public:
    ZstdCodec();

    [[nodiscard]] std::string_view name() const override { return "zstd"; }
    [[nodiscard]] std::expected<std::size_t, Failure> unpack(std::span<const std::byte>& in,
                                                             std::span<std::byte> out) override;
    [[nodiscard]] bool in_frame() const override { return in_frame_; }

  private:
    struct Close {
        void operator()(ZSTD_DStream* state) const { ZSTD_freeDStream(state); }
    };

    std::unique_ptr<ZSTD_DStream, Close> state_;
    bool in_frame_ = true;
};

}  // namespace packetsentry::capture
