#include "daemon/record/address_dictionary.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace packetsentry::record {
namespace {

constexpr std::size_t kIpv4Size = 4;

// Another one for each address.
std::uint32_t hash_of_ipv4(const base::Address& address) {
    std::uint32_t number = 0;
    std::memcpy(&number, address.bytes.data(), sizeof number);
    number *= 0x9e3779b1U;  // odd, so that nothing is lost
    return number ^ number >> 15;
}

std::uint32_t hash_of(const base::Address& address) {
    if (address.size == kIpv4Size) return hash_of_ipv4(address);
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, address.bytes.data(), sizeof low);
    std::memcpy(&high, address.bytes.data() + sizeof low, sizeof high);
    // Multiplication by odd constants; the high bits are the mixed ones.
    return static_cast<std::uint32_t>(
        ((low + address.size) * 0x9e3779b97f4a7c15U ^ high) * 0xd6e8feb86659fd93U >> 32);
}

}  // namespace

std::uint16_t AddressDictionary::slot(const base::Address& address, std::string& bytes, std::string& sizes) {
    if (!address) return 0;
    const bool ipv4 = address.size == kIpv4Size;
    const std::uint32_t hash = hash_of(address);
    const std::uint16_t kind = ipv4 ? kIpv4 : std::uint16_t{0};
    std::size_t place = hash & (used_ - 1);
    for (; table_[place].generation == generation_; place = (place + 1) & (used_ - 1)) {
        const Entry& entry = table_[place];
        const auto slot = static_cast<std::uint16_t>(entry.slot ^ kind);
        if (entry.hash == hash && slot <= kLimit && (ipv4 || known_[slot - 1U] == address)) return slot;
    }
    bytes.append(reinterpret_cast<const char*>(address.bytes.data()), address.size);
    sizes.push_back(static_cast<char>(address.size));
    known_.push_back(address);
    const auto slot = static_cast<std::uint16_t>(known_.size());
    table_[place] = {hash, static_cast<std::uint16_t>(slot | kind), generation_};
    if (2 * known_.size() > used_) grow_table();
    return slot;
}

void AddressDictionary::prepare(const base::Address& address) const {
    __builtin_prefetch(&table_[hash_of(address) & (used_ - 1)], 1);
}

// Sorts all addresses in again. That is done a few times in a batch that has more than the one before.
void AddressDictionary::grow_table() {
    used_ *= 2;
    empty_table();
    for (std::size_t i = 0; i < known_.size(); ++i) {
        const std::uint32_t hash = hash_of(known_[i]);
        const std::uint16_t kind = known_[i].size == kIpv4Size ? kIpv4 : std::uint16_t{0};
        std::size_t place = hash & (used_ - 1);
        while (table_[place].generation == generation_) place = (place + 1) & (used_ - 1);
        table_[place] = {hash, static_cast<std::uint16_t>((i + 1) | kind), generation_};
    }
}

void AddressDictionary::empty_table() {
    if (++generation_ != 0) return;
    std::ranges::fill(table_, Entry{});  // once in 65,535 times
    generation_ = 1;
}

// The next batch will have about as many.
void AddressDictionary::clear() {
    used_ = std::clamp(std::bit_ceil(2 * known_.size()), kSmallest, table_.size());
    known_.clear();
    empty_table();
}

}  // namespace packetsentry::record
