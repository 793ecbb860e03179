#include "daemon/flows/direction.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace packetsentry::flows {
namespace {

struct Network {
    std::array<std::uint8_t, 16> bytes;
    unsigned bits;
};

constexpr Network kLocal4[] = {
    {{10}, 8},       {{172, 16}, 12}, {{192, 168}, 16},           {{127}, 8}, {{169, 254}, 16},
    {{100, 64}, 10}, {{224}, 4},      {{255, 255, 255, 255}, 32}, {{0}, 8},
};
constexpr Network kLocal6[] = {
    {{0xFC}, 7}, {{0xFE, 0x80}, 10}, {{0xFF}, 8}, {{0}, 127},  // :: and ::1
};

bool has_prefix(const base::Address& address, const Network& network) {
    const std::size_t whole = network.bits / 8;
    for (std::size_t i = 0; i < whole; ++i)
        if (std::to_integer<std::uint8_t>(address.bytes[i]) != network.bytes[i]) return false;
    const unsigned rest = network.bits % 8;
    if (rest == 0) return true;
    const unsigned differs = std::to_integer<unsigned>(address.bytes[whole]) ^ network.bytes[whole];
    return differs >> (8 - rest) == 0;
}

}  // namespace

bool is_local(const base::Address& address) {
    const auto has = [&](const Network& network) { return has_prefix(address, network); };
    if (address.size == 4) return std::ranges::any_of(kLocal4, has);
    return address.size == 16 && std::ranges::any_of(kLocal6, has);
}

std::string_view direction_of(const base::Address& originator, const base::Address& responder) {
    const bool from_local = is_local(originator);
    const bool to_local = is_local(responder);
    if (from_local) return to_local ? "internal" : "outbound";
    return to_local ? "inbound" : "external";
}

}  // namespace packetsentry::flows
