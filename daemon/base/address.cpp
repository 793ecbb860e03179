#include "daemon/base/address.h"

#include <arpa/inet.h>

namespace packetsentry::base {
namespace {

std::string mac_to_string(const Address& address) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (std::size_t i = 0; i < address.size; ++i) {
        if (i != 0) text += '-';
        const auto value = std::to_integer<unsigned>(address.bytes[i]);
        text += digits[value >> 4];
        text += digits[value & 15];
    }
    return text;
}

}  // namespace

std::string to_string(const Address& address) {
    if (address.size != 4 && address.size != 16) return mac_to_string(address);
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(address.size == 4 ? AF_INET : AF_INET6, address.bytes.data(), text.data(), text.size());
    return text.data();
}

std::optional<Address> parse_ip(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> copy{};
    Address address;
    if (text.size() >= copy.size() || text.find('\0') != text.npos) return std::nullopt;
    text.copy(copy.data(), text.size());
    if (::inet_pton(AF_INET, copy.data(), address.bytes.data()) == 1)
        address.size = 4;
    else if (::inet_pton(AF_INET6, copy.data(), address.bytes.data()) == 1)
        address.size = 16;
    if (!address) return std::nullopt;
    return address;
}

}  // namespace packetsentry::base
