// xz (tukaani.org/xz/xz-file-format.txt): one stream or several after another, with zeros between them. One
// that needs more than 96 MiB of memory is refused; 'xz -9' needs 65.
#pragma once

#include <lzma.h>

#include "daemon/capture/file/codec.h"

namespace packetsentry::capture {

class XzCodec : public Codec {
  public:
    XzCodec();
    ~XzCodec() override { lzma_end(&state_); }
    XzCodec(const XzCodec&) = delete;
    XzCodec& operator=(const XzCodec&) = delete;

    [[nodiscard]] std::string_view name() const override { return "xz"; }
    [[nodiscard]] std::expected<std::size_t, Failure> unpack(std::span<const std::byte>& in,
                                                             std::span<std::byte> out) override;
    [[nodiscard]] bool in_frame() const override { return in_stream_; }

  private:
    [[nodiscard]] bool begins_stream(std::span<const std::byte>& in);

    lzma_stream state_ = LZMA_STREAM_INIT;
    bool in_stream_ = true;
};

}  // namespace packetsentry::capture
