// A network or hardware address as a plain value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace packetsentry::base {

// IPv4 (4 bytes), MAC (6), IPv6 (16), or none (0). Unused bytes are zero, so equality is bytewise.
struct Address {
    std::array<std::byte, 16> bytes{};
    std::uint8_t size = 0;

    // Takes the first 16 bytes at most.
    [[nodiscard]] static Address from(std::span<const std::byte> from) {
        Address address;
        address.size = static_cast<std::uint8_t>(from.size() < 16 ? from.size() : 16);
        if (address.size != 0) std::memcpy(address.bytes.data(), from.data(), address.size);
        return address;
    }
    [[nodiscard]] explicit operator bool() const { return size != 0; }
    // Two loads and compares, where the default one goes byte by byte.
    bool operator==(const Address& other) const {
        return size == other.size && std::memcmp(bytes.data(), other.bytes.data(), sizeof bytes) == 0;
    }
};

// "192.168.1.1", "fe80::1" (RFC 5952), "00-00-5E-00-53-01" (RFC 7042); empty for none.
[[nodiscard]] std::string to_string(const Address& address);

// Numeric IPv4 or IPv6 only; names are never looked up.
[[nodiscard]] std::optional<Address> parse_ip(std::string_view text);

}  // namespace packetsentry::base
