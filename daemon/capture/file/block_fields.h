// The fields of a block to be written, in this machine's byte order.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace packetsentry::capture {

// Side by side without gaps: six bytes of a uint32_t and a uint16_t.
template <typename... Fields>
[[nodiscard]] std::array<std::byte, (sizeof(Fields) + ...)> block_fields(Fields... fields) {
    static_assert((std::is_integral_v<Fields> && ...));
    std::array<std::byte, (sizeof(Fields) + ...)> bytes;
    std::byte* to = bytes.data();
    ((std::memcpy(to, &fields, sizeof fields), to += sizeof fields), ...);
    return bytes;
}

}  // namespace packetsentry::capture
