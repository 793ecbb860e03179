// Reads numbers from the bytes of a file of the spool: the lowest byte first, bounds-checked, never
// throwing.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "proto/rows/fixed_numbers.h"

namespace packetsentry::spool {

using Bytes = std::span<const std::byte>;

[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}
[[nodiscard]] inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Frames and records begin at multiples of 8 bytes.
[[nodiscard]] constexpr std::size_t padded(std::size_t size) {
    return (size + 7) & ~std::size_t{7};
}

// Reads the number at a place. at + sizeof(Number) must not be more than bytes.size().
template <std::unsigned_integral Number>
[[nodiscard]] Number number_in(Bytes bytes, std::size_t at) {
    Number value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return proto::little_endian(value);
}

// Reads one number after the other. Reading past the end gives zeros and makes the reader failed for
// good, so that whoever reads a header asks once. The bytes must outlive the reader.
class ByteReader {
  public:
    explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

    [[nodiscard]] bool failed() const { return failed_; }

    std::uint8_t u8() { return number<std::uint8_t>(); }
    std::uint16_t u16() { return number<std::uint16_t>(); }
    std::uint32_t u32() { return number<std::uint32_t>(); }
    std::uint64_t u64() { return number<std::uint64_t>(); }
    std::int64_t i64() { return static_cast<std::int64_t>(u64()); }

    // Returns no bytes where fewer than size are left.
    Bytes take(std::size_t size) {
        if (bytes_.size() < size) {
            failed_ = true;
            bytes_ = {};
            return {};
        }
        const Bytes taken = bytes_.first(size);
        bytes_ = bytes_.subspan(size);
        return taken;
    }

  private:
    template <std::unsigned_integral Number>
    Number number() {
        const Bytes taken = take(sizeof(Number));
        return taken.empty() ? Number{0} : number_in<Number>(taken, 0);
    }

    Bytes bytes_;
    bool failed_ = false;
};

}  // namespace packetsentry::spool
