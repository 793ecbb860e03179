// gzip (RFC 1952): one member or several after another, with zeros behind the last or between them.
#pragma once

#include <zlib.h>

#include "daemon/capture/file/codec.h"

namespace packetsentry::capture {

class GzipCodec : public Codec {
  public:
    GzipCodec();
    ~GzipCodec() override { inflateEnd(&state_); }
    GzipCodec(const GzipCodec&) = delete;
    GzipCodec& operator=(const GzipCodec&) = delete;

    [[nodiscard]] std::string_view name() const override { return "gzip"; }
    [[nodiscard]] std::expected<std::size_t, Failure> unpack(std::span<const std::byte>& in,
                                                             std::span<std::byte> out) override;
    [[nodiscard]] bool in_frame() const override { return in_member_; }

  private:
    [[nodiscard]] bool begins_member(std::span<const std::byte>& in);

    z_stream state_{};
    bool in_member_ = true;
};

}  // namespace packetsentry::capture
