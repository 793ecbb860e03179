#include "daemon/dissect/arp.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kArp{.word = "ARP", .detail = kDetailOnly};

constexpr std::uint16_t kTypeIpv4 = 0x0800;

struct Arp {
    std::uint16_t protocol_type = 0;
    std::uint8_t protocol_size = 0;
    std::uint16_t operation = 0;
    base::Address sender_hardware;
    base::Address sender;
    base::Address target_hardware;
    base::Address target;
};

Arp read_arp(Cursor& bytes) {
    Arp arp;
    bytes.skip(2);
    arp.protocol_type = bytes.u16();
    const std::uint8_t hardware_size = bytes.u8();
    arp.protocol_size = bytes.u8();
    arp.operation = bytes.u16();
    arp.sender_hardware = base::Address::from(bytes.take(hardware_size));
    arp.sender = base::Address::from(bytes.take(arp.protocol_size));
    arp.target_hardware = base::Address::from(bytes.take(hardware_size));
    arp.target = base::Address::from(bytes.take(arp.protocol_size));
    return arp;
}

void put_operation(const Arp& arp, Walk& walk) {
    switch (arp.operation) {
        case 1:
            return walk.detail("who-has ", arp.target, " tell ", arp.sender);
        case 2:
            return walk.detail(arp.sender, " is-at ", arp.sender_hardware);
        case 3:
            return walk.detail("reverse who-is ", arp.target_hardware, " tell ", arp.sender_hardware);
        case 4:
            return walk.detail("reverse ", arp.target_hardware, " is ", arp.target);
        default:
            return walk.detail("operation ", std::uint64_t{arp.operation});
    }
}

}  // namespace

Layer dissect_arp(Cursor& bytes, Walk& walk) {
    const Arp arp = read_arp(bytes);
    walk.check(bytes);
    walk.understood(kArp);
    if (bytes.failed()) return {};
    if (arp.protocol_type != kTypeIpv4 || arp.protocol_size != 4) {
        walk.out.malformed |= arp.protocol_type == kTypeIpv4;
        walk.detail("protocol type ", Hex{arp.protocol_type});
        return {};
    }
    walk.enter_network(Network::arp, std::span(arp.sender.bytes).first<4>(),
                       std::span(arp.target.bytes).first<4>(), 0);
    put_operation(arp, walk);
    return {};
}

}  // namespace packetsentry::dissect
