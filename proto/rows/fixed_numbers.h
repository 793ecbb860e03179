// Columns of numbers of a fixed size in a Batch: the lowest byte first, so that they are copied, not encoded.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace packetsentry::proto {

inline constexpr std::size_t kShortBytes = sizeof(std::uint16_t);

template <std::unsigned_integral Number>
[[nodiscard]] constexpr Number little_endian(Number value) {
    return std::endian::native == std::endian::little ? value : std::byteswap(value);
}

// In bounds for row < column.size() / sizeof(Number).
template <std::unsigned_integral Number>
[[nodiscard]] Number number_at(std::string_view column, std::size_t row) {
    Number value = 0;
    std::memcpy(&value, column.data() + sizeof value * row, sizeof value);
    return little_endian(value);
}

template <std::unsigned_integral Number>
void append_number(std::string& column, Number value) {
    value = little_endian(value);
    column.append(reinterpret_cast<const char*>(&value), sizeof value);
}

[[nodiscard]] inline std::uint16_t short_at(std::string_view column, std::size_t row) {
    return number_at<std::uint16_t>(column, row);
}

inline void append_short(std::string& column, std::uint16_t value) {
    append_number(column, value);
}

}  // namespace packetsentry::proto
