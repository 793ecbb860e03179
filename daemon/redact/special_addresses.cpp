#include "daemon/redact/special_addresses.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>

namespace packetsentry::redact {
namespace {

struct Block {
    std::array<std::uint8_t, 16> prefix;
    std::size_t length;  // bits
    std::size_t kept;    // bits
};

constexpr Block kSpecialIpv4[] = {
    {{10}, 8, 8},                    // private, RFC 1918
    {{172, 16}, 12, 12},             //
    {{192, 168}, 16, 16},            //
    {{169, 254}, 16, 16},            // link-local
    {{127}, 8, 32},                  // loopback
    {{224}, 4, 4},                   // multicast
    {{224, 0, 0}, 24, 32},           // of the link: all hosts, all routers, mDNS
    {{239, 255, 255, 250}, 32, 32},  // SSDP
    {{255, 255, 255, 255}, 32, 32},  // broadcast
};

constexpr Block kSpecialIpv6[] = {
    {{}, 127, 128},                                             // unspecified, loopback
    {{0x20}, 3, 3},                                             // global
    {{0xFC}, 7, 8},                                             // unique local
    {{0xFE, 0x80}, 64, 64},                                     // link-local
    {{0xFF}, 8, 16},                                            // multicast, with its scope
    {{0xFF, 2}, 112, 128},                                      // of the link: all nodes, mDNS
    {{0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 112, 128},  // DHCP, LLMNR
    {{0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF}, 104, 104},  // ends as the solicited node does
};

constexpr Block kMac[] = {
    {{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, 48, 48},  // broadcast
    {{0x01, 0x80, 0xC2}, 40, 48},                    // bridges: STP, LLDP
    {{0x01, 0x00, 0x5E}, 25, 25},                    // IPv4 groups, of which they hold 23 bits
    {{0x01, 0x00, 0x5E}, 40, 48},                    // 224.0.0.0/24
    {{0x33, 0x33}, 16, 16},                          // IPv6 groups, of which they hold 32 bits
    {{0x33, 0x33, 0xFF}, 24, 24},                    // of solicited nodes
    {{0x33, 0x33}, 40, 48},                          // ff02::/112
    {{0x33, 0x33, 0, 1}, 40, 48},                    // ff02::1:0/112
};

std::span<const Block> blocks(std::size_t address_size) {
    switch (address_size) {
        case 4:
            return kSpecialIpv4;
        case 6:
            return kMac;
        case 16:
            return kSpecialIpv6;
        default:
            return {};
    }
}

std::size_t common_bits(const base::Address& address, const Block& block) {
    std::size_t bits = 0;
    for (std::size_t i = 0; bits < block.length; ++i, bits += 8) {
        const auto differing =
            static_cast<std::uint8_t>(std::to_integer<std::uint8_t>(address.bytes[i]) ^ block.prefix[i]);
        if (differing != 0)
            return std::min(bits + static_cast<std::size_t>(std::countl_zero(differing)), block.length);
    }
    return block.length;
}

}  // namespace

std::size_t kept_bits(const base::Address& address) {
    std::size_t kept = 0;
    for (const Block& block : blocks(address.size)) {
        const std::size_t common = common_bits(address, block);
        kept = std::max(kept, common == block.length ? block.kept : common + 1);
    }
    return kept;
}

}  // namespace packetsentry::redact
