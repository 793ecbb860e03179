#include "daemon/dissect/arp.h"

#include <algorithm>
#include <array>

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kOpcode = field("packetsentry.arp.opcode");
constexpr const FieldInfo& kSourceMac = field("packetsentry.arp.source.mac");
constexpr const FieldInfo& kTargetMac = field("packetsentry.arp.target.mac");
constexpr Protocol kArp{.word = "ARP", .detail = kDetailOnly};

constexpr std::uint16_t kTypeIpv4 = 0x0800;
constexpr std::uint16_t kLastOperation = 25;  // the last one that IANA has assigned

// These hardware types have addresses of one size (IANA; RFC 4391 section 9.1.1 for the last one).
struct Hardware {
    std::uint16_t type;
    std::uint8_t address_size;
};
constexpr std::array kHardware{Hardware{1, 6}, Hardware{6, 6}, Hardware{32, 20}};
constexpr std::size_t kEthernetArpSize = 28;
constexpr std::uint8_t kMacSize = 6;

using Bytes = std::span<const std::byte>;

struct Arp {
    std::uint16_t hardware_type = 0;
    std::uint16_t protocol_type = 0;
    std::uint8_t hardware_size = 0;
    std::uint8_t protocol_size = 0;
    std::uint16_t operation = 0;
    Bytes sender_hardware;
    Bytes sender;
    Bytes target_hardware;
    Bytes target;

    [[nodiscard]] bool is_ipv4() const { return protocol_type == kTypeIpv4 && protocol_size == 4; }
    // The packet itself tells its sizes, up to 255 bytes each. Addresses that are longer than those of their
    // types may hold anything.
    [[nodiscard]] bool has_right_sizes() const {
        return is_ipv4() && operation != 0 && operation <= kLastOperation &&
               std::ranges::any_of(kHardware, [this](const Hardware& row) {
                   return row.type == hardware_type && row.address_size == hardware_size;
               });
    }
};

void note_hardware(Bytes address, Walk& walk) {
    walk.note(address.size() == 6 ? Layout::Kind::mac : Layout::Kind::identifier, address);
}

Arp read_sizes(Cursor& bytes) {
    Arp arp;
    arp.hardware_type = bytes.u16();
    arp.protocol_type = bytes.u16();
    arp.hardware_size = bytes.u8();
    arp.protocol_size = bytes.u8();
    arp.operation = bytes.u16();
    return arp;
}

void read_addresses(Cursor& bytes, Arp& arp) {
    arp.sender_hardware = bytes.take(arp.hardware_size);
    arp.sender = bytes.take(arp.protocol_size);
    arp.target_hardware = bytes.take(arp.hardware_size);
    arp.target = bytes.take(arp.protocol_size);
}

void add_fields(const Arp& arp, Walk& walk) {
    walk.out.add(kOpcode, arp.operation);
    if (arp.hardware_size != kMacSize) return;
    walk.out.add(kSourceMac, base::Address::from(arp.sender_hardware));
    walk.out.add(kTargetMac, base::Address::from(arp.target_hardware));
}

void put_operation(const Arp& arp, Walk& walk) {
    const auto sender_hardware = base::Address::from(arp.sender_hardware);
    const auto sender = base::Address::from(arp.sender);
    const auto target_hardware = base::Address::from(arp.target_hardware);
    const auto target = base::Address::from(arp.target);
    switch (arp.operation) {
        case 1:
            return walk.detail("who-has ", target, " tell ", sender);
        case 2:
            return walk.detail(sender, " is-at ", sender_hardware);
        case 3:
            return walk.detail("reverse who-is ", target_hardware, " tell ", sender_hardware);
        case 4:
            return walk.detail("reverse ", target_hardware, " is ", target);
        default:
            return walk.detail("operation ", std::uint64_t{arp.operation});
    }
}

}  // namespace

bool is_arp(const Cursor& bytes) {
    Cursor ahead = bytes;
    return bytes.has(kEthernetArpSize) && read_sizes(ahead).has_right_sizes();
}

Layer dissect_arp(Cursor& bytes, Walk& walk) {
    Arp arp = read_sizes(bytes);
    if (!arp.has_right_sizes()) walk.stop_keeping();
    walk.header_ends(bytes);
    read_addresses(bytes, arp);
    walk.check(bytes);
    walk.understood(kArp, LayerName::arp);
    if (bytes.failed()) return {};
    if (!arp.is_ipv4()) {
        walk.out.malformed |= arp.protocol_type == kTypeIpv4;
        walk.detail("protocol type ", Hex{arp.protocol_type});
        return {};
    }
    note_hardware(arp.sender_hardware, walk);
    note_hardware(arp.target_hardware, walk);
    walk.enter_network(Network::arp, arp.sender.first<4>(), arp.target.first<4>(), 0);
    walk.header_ends(bytes);
    add_fields(arp, walk);
    put_operation(arp, walk);
    return {};
}

}  // namespace packetsentry::dissect
