// The checksum of IPv4 headers, and of TCP, UDP and ICMPv6: RFC 1071.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace packetsentry::dissect {

// The one's complement sum of the bytes, read as numbers of 16 bits; a last odd byte counts as if a zero
// followed. before is added to it: the sum of what else a checksum covers. All ones where the bytes have the
// right checksum among them.
[[nodiscard]] inline std::uint32_t internet_sum(std::span<const std::byte> bytes, std::uint32_t before = 0) {
    std::uint64_t sum = before;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
        sum += std::to_integer<std::uint32_t>(bytes[i]) << 8 | std::to_integer<std::uint32_t>(bytes[i + 1]);
    if (bytes.size() % 2 != 0) sum += std::to_integer<std::uint32_t>(bytes.back()) << 8;
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint32_t>(sum);
}
inline constexpr std::uint32_t kRightSum = 0xFFFF;

}  // namespace packetsentry::dissect
