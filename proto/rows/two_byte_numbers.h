// Columns of two-byte numbers in a Batch: the lower byte first, so that they are copied, not encoded.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace packetsentry::proto {

inline constexpr std::size_t kShortBytes = 2;

[[nodiscard]] constexpr std::uint16_t little_endian(std::uint16_t value) {
    return std::endian::native == std::endian::little ? value : std::byteswap(value);
}

// In bounds for row < column.size() / kShortBytes.
[[nodiscard]] inline std::uint16_t short_at(const std::string& column, std::size_t row) {
    std::uint16_t value = 0;
    std::memcpy(&value, column.data() + kShortBytes * row, sizeof value);
    return little_endian(value);
}

inline void append_short(std::string& column, std::uint16_t value) {
    value = little_endian(value);
    column.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace packetsentry::proto
