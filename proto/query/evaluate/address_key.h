// Addresses as numbers that can be ordered: shorter ones first, then by their value.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>

#include "daemon/base/address.h"

namespace packetsentry::query {

struct AddressKey {
    std::uint8_t size = 0;
    std::uint64_t high = 0;  // the first eight bytes
    std::uint64_t low = 0;

    auto operator<=>(const AddressKey&) const = default;

    [[nodiscard]] static AddressKey of(const base::Address& address) {
        AddressKey key{.size = address.size};
        std::memcpy(&key.high, address.bytes.data(), sizeof key.high);
        std::memcpy(&key.low, address.bytes.data() + sizeof key.high, sizeof key.low);
        if constexpr (std::endian::native == std::endian::little) {
            key.high = std::byteswap(key.high);
            key.low = std::byteswap(key.low);
        }
        return key;
    }
};

}  // namespace packetsentry::query
