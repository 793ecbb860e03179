#include "daemon/base/packet_filter.h"

#include <cstring>

namespace packetsentry::base {

bool is_in(const Address& address, const AddressPrefix& prefix) {
    if (address.size != prefix.address.size) return false;
    const auto whole = static_cast<std::size_t>(prefix.bits / 8);
    if (std::memcmp(address.bytes.data(), prefix.address.bytes.data(), whole) != 0) return false;
    const int rest = prefix.bits % 8;
    if (rest == 0) return true;
    const auto mask = static_cast<std::byte>(0xFF00 >> rest);
    return ((address.bytes[whole] ^ prefix.address.bytes[whole]) & mask) == std::byte{0};
}

}  // namespace packetsentry::base
