#include "daemon/record/address_dictionary.h"

#include <algorithm>
#include <cstring>

namespace packetsentry::record {
namespace {

constexpr std::size_t kSlotBytes = sizeof(base::Address::bytes);

std::uint32_t hash_of(const base::Address& address) {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, address.bytes.data(), sizeof low);
    std::memcpy(&high, address.bytes.data() + sizeof low, sizeof high);
    // Multiplication by odd constants; the high bits are the mixed ones.
    return static_cast<std::uint32_t>(
        ((low + address.size) * 0x9e3779b97f4a7c15U ^ high) * 0xd6e8feb86659fd93U >> 32);
}

bool stands_at(std::uint32_t slot, const base::Address& address, const std::string& bytes,
               const std::string& sizes) {
    return sizes[slot - 1] == static_cast<char>(address.size) &&
           std::memcmp(bytes.data() + kSlotBytes * (slot - 1), address.bytes.data(), kSlotBytes) == 0;
}

}  // namespace

std::uint16_t AddressDictionary::slot(const base::Address& address, std::string& bytes, std::string& sizes) {
    if (!address) return 0;
    const std::uint32_t hash = hash_of(address);
    const std::size_t mask = table_.size() - 1;
    std::size_t place = hash & mask;
    for (; table_[place].generation == generation_; place = (place + 1) & mask) {
        const Entry& entry = table_[place];
        if (entry.hash == hash && stands_at(entry.slot, address, bytes, sizes)) return entry.slot;
    }
    bytes.append(reinterpret_cast<const char*>(address.bytes.data()), kSlotBytes);
    sizes.push_back(static_cast<char>(address.size));
    table_[place] = {hash, static_cast<std::uint16_t>(sizes.size()), generation_};
    return table_[place].slot;
}

void AddressDictionary::clear() {
    if (++generation_ != 0) return;
    std::ranges::fill(table_, Entry{});  // once in 65,535 batches
    generation_ = 1;
}

}  // namespace packetsentry::record
