// Numbers at fixed places of a file's records, in the byte order the file was written in.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace packetsentry::capture {

// swapped: the file's order is not this machine's. Past the end reads as 0.
class ByteView {
  public:
    ByteView(std::span<const std::byte> bytes, bool swapped) : bytes_(bytes), swapped_(swapped) {}

    [[nodiscard]] std::uint16_t u16(std::size_t at) const { return number<std::uint16_t>(at); }
    [[nodiscard]] std::uint32_t u32(std::size_t at) const { return number<std::uint32_t>(at); }
    [[nodiscard]] std::uint64_t u64(std::size_t at) const { return number<std::uint64_t>(at); }

  private:
    template <typename Number>
    [[nodiscard]] Number number(std::size_t at) const {
        Number value = 0;
        if (at > bytes_.size() || bytes_.size() - at < sizeof value) return 0;
        std::memcpy(&value, bytes_.data() + at, sizeof value);
        return swapped_ ? std::byteswap(value) : value;
    }

    std::span<const std::byte> bytes_;
    bool swapped_;
};

}  // namespace packetsentry::capture
