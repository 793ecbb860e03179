#include "daemon/record/address_dictionary.h"

#include <bit>
#include <cstring>

namespace packetsentry::record {
namespace {

std::uint64_t hash(const base::Address& address) {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, address.bytes.data(), sizeof low);
    std::memcpy(&high, address.bytes.data() + sizeof low, sizeof high);
    // Multiplication by odd constants; the high bits are the mixed ones.
    return ((low + address.size) * 0x9e3779b97f4a7c15U ^ high) * 0xd6e8feb86659fd93U >> 32;
}

}  // namespace

AddressDictionary::AddressDictionary(std::size_t capacity) : table_(std::bit_ceil(2 * capacity)) {}

std::uint32_t AddressDictionary::slot(const base::Address& address, std::string& bytes, std::string& sizes) {
    if (!address) return 0;
    const std::size_t mask = table_.size() - 1;
    std::size_t place = hash(address) & mask;
    while (table_[place].generation == generation_) {
        if (table_[place].address == address) return table_[place].slot;
        place = (place + 1) & mask;
    }
    bytes.append(reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size());
    sizes.push_back(static_cast<char>(address.size));
    table_[place] = {address, static_cast<std::uint32_t>(sizes.size()), generation_};
    return table_[place].slot;
}

}  // namespace packetsentry::record
