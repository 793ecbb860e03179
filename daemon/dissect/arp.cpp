#include "daemon/dissect/arp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kArp{.word = "ARP", .detail = kDetailOnly};

constexpr std::uint16_t kTypeIpv4 = 0x0800;

using Bytes = std::span<const std::byte>;

struct Arp {
    std::uint16_t protocol_type = 0;
    std::uint8_t protocol_size = 0;
    std::uint16_t operation = 0;
    Bytes sender_hardware;
    Bytes sender;
    Bytes target_hardware;
    Bytes target;

    [[nodiscard]] bool is_ipv4() const { return protocol_type == kTypeIpv4 && protocol_size == 4; }
};

void note_hardware(Bytes address, Walk& walk) {
    walk.note(address.size() == 6 ? Layout::Kind::mac : Layout::Kind::identifier, address);
}

Arp read_arp(Cursor& bytes, Walk& walk) {
    Arp arp;
    bytes.skip(2);
    arp.protocol_type = bytes.u16();
    const std::uint8_t hardware_size = bytes.u8();
    arp.protocol_size = bytes.u8();
    arp.operation = bytes.u16();
    walk.header_ends(bytes);
    arp.sender_hardware = bytes.take(hardware_size);
    arp.sender = bytes.take(arp.protocol_size);
    arp.target_hardware = bytes.take(hardware_size);
    arp.target = bytes.take(arp.protocol_size);
    return arp;
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

Layer dissect_arp(Cursor& bytes, Walk& walk) {
    const Arp arp = read_arp(bytes, walk);
    walk.check(bytes);
    walk.understood(kArp);
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
    put_operation(arp, walk);
    return {};
}

}  // namespace packetsentry::dissect
