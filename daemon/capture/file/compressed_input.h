// Decompresses another input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/file/byte_input.h"
#include "daemon/capture/file/codec.h"

namespace packetsentry::capture {

class CompressedInput : public ByteInput {
  public:
    // from: must outlive this.
    CompressedInput(ByteInput& from, std::unique_ptr<Codec> codec);

    [[nodiscard]] base::Result<Chunk> read(std::span<std::byte> out) override;
    [[nodiscard]] std::uint64_t position() const override { return from_.position() - left_.size(); }

  private:
    [[nodiscard]] base::Result<Chunk::State> refill();
    [[nodiscard]] base::Error error(const char* what, const std::string& why = "") const;

    ByteInput& from_;
    std::unique_ptr<Codec> codec_;
    std::vector<std::byte> compressed_;
    std::span<const std::byte> left_;  // of compressed_, not unpacked yet
    bool more_inside_ = false;         // the codec may hold bytes that did not fit the last time
};

}  // namespace packetsentry::capture
