#include "daemon/redact/address_mask.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "daemon/redact/special_addresses.h"

namespace packetsentry::redact {
namespace {

constexpr std::size_t kCachedBits = 14;  // half a MiB
constexpr std::size_t kMacSize = 6;
// These two bits of a MAC address's first byte say that it is a group's, and that it was given locally.
constexpr std::byte kMacMeaning{0x03};

bool maskable(std::size_t size) {
    return size == 4 || size == kMacSize || size == 16;
}

std::size_t slot_of(const base::Address& address) {
    std::uint64_t high = 0, low = 0;
    std::memcpy(&high, address.bytes.data(), sizeof high);
    std::memcpy(&low, address.bytes.data() + sizeof high, sizeof low);
    return (high * 0x9E3779B97F4A7C15U + std::rotl(low, 32) * 0xC2B2AE3D27D4EB4FU + address.size) >>
           (64 - kCachedBits);
}

// Whether each of four bits is flipped: bits of random, one for each node of a tree four levels deep, whose
// way down are the four bits.
unsigned flips_of(unsigned four_bits, std::uint64_t random) {
    unsigned flips = 0, node = 1;
    for (int bit = 3; bit >= 0; --bit) {
        flips = flips << 1 | (random >> node & 1);
        node = node << 1 | (four_bits >> bit & 1);
    }
    return flips;
}

// The first bits as they were.
void keep(std::size_t bits, const base::Address& original, base::Address& masked) {
    const std::size_t whole = std::min<std::size_t>(bits / 8, original.size);
    std::copy_n(original.bytes.begin(), whole, masked.bytes.begin());
    if (whole == original.size) return;
    const auto kept = static_cast<std::byte>(0xFF00U >> bits % 8);
    masked.bytes[whole] = (original.bytes[whole] & kept) | (masked.bytes[whole] & ~kept);
}

}  // namespace

// Direct mapped: a flood of addresses costs computing, never memory.
struct AddressMask::Cache {
    struct Entry {
        base::Address original;  // none: unused
        base::Address masked;
    };
    std::array<Entry, std::size_t{1} << kCachedBits> entries;
};

AddressMask::AddressMask(Key key) : cache_(std::make_unique<Cache>()) {
    std::ranges::copy(key, key_.begin());
}
AddressMask::~AddressMask() = default;

base::Address AddressMask::mask(const base::Address& address) {
    if (!maskable(address.size)) return {.size = address.size};
    Cache::Entry& entry = cache_->entries[slot_of(address)];
    if (entry.original != address) entry = {address, compute(address)};
    return entry.masked;
}

// Zeros are no address. The one that would become them gets what zeros would have become.
base::Address AddressMask::compute(const base::Address& address) const {
    const base::Address zeros{.size = address.size};
    if (address == zeros) return zeros;
    const base::Address masked = flip(address);
    return masked == zeros ? flip(zeros) : masked;
}

base::Address AddressMask::flip(const base::Address& address) const {
    const std::size_t kept = kept_bits(address);
    const std::size_t first = kept / 4;
    // What SipHash reads: the kind of address, how many half bytes count, and those.
    std::array<unsigned char, 2 + 16> message{address.size};
    std::memcpy(message.data() + 2, address.bytes.data(), (first + 1) / 2);
    static_assert(kKeySize == 2 * crypto_shorthash_KEYBYTES);
    const auto* const key = reinterpret_cast<const unsigned char*>(key_.data()) +
                            (address.size == kMacSize ? crypto_shorthash_KEYBYTES : 0);
    base::Address masked = address;
    for (std::size_t half = first; half < 2U * address.size; ++half) {
        const auto byte = std::to_integer<unsigned char>(address.bytes[half / 2]);
        const bool upper = half % 2 == 0;
        message[1] = static_cast<unsigned char>(half);
        message[2 + half / 2] = upper ? 0 : byte & 0xF0;
        std::uint64_t random = 0;
        crypto_shorthash(reinterpret_cast<unsigned char*>(&random), message.data(), message.size(), key);
        if constexpr (std::endian::native == std::endian::big) random = std::byteswap(random);
        const unsigned flips = flips_of(upper ? byte >> 4 : byte & 0x0F, random);
        masked.bytes[half / 2] ^= static_cast<std::byte>(upper ? flips << 4 : flips);
        message[2 + half / 2] = byte;
    }
    keep(kept, address, masked);
    if (address.size == kMacSize)
        masked.bytes[0] = (address.bytes[0] & kMacMeaning) | (masked.bytes[0] & ~kMacMeaning);
    return masked;
}

}  // namespace packetsentry::redact
