// Decompresses gzip (RFC 1952), one member or several after another.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/byte_input.h"

namespace packetsentry::capture {

class GzipInput : public ByteInput {
  public:
    // from: must outlive this.
    explicit GzipInput(ByteInput& from);
    GzipInput(const GzipInput&) = delete;
    GzipInput& operator=(const GzipInput&) = delete;
    ~GzipInput() override { inflateEnd(&state_); }

    [[nodiscard]] base::Result<Chunk> read(std::span<std::byte> out) override;
    [[nodiscard]] std::uint64_t position() const override { return from_.position() - state_.avail_in; }

  private:
    [[nodiscard]] base::Result<Chunk::State> refill();
    void skip_padding();
    [[nodiscard]] base::Result<std::size_t> inflate_into(std::span<std::byte> out);
    [[nodiscard]] base::Error error(const char* what) const;

    ByteInput& from_;
    std::vector<std::byte> compressed_;
    z_stream state_{};
    bool in_member_ = true;
    bool more_inside_ = false;  // decompressed bytes that did not fit the last time
};

}  // namespace packetsentry::capture
