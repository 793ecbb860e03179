#include "daemon/capture/filter/network_layer_steps.h"

#include <algorithm>
#include <cstdint>

#include "daemon/capture/filter/extension_header_steps.h"
#include "daemon/capture/filter/ip_protocols.h"
#include "daemon/capture/filter/transport_steps.h"
#include "daemon/capture/filter/wanted_packets.h"

namespace packetsentry::capture {
namespace {

using base::AddressPrefix;
using base::PacketFilter;
using Label = PacketWalk::Label;
using Network = base::PacketKind::Network;

// Rejects a header whose first byte is below least or above most: its version is another one, or it is too
// short, so nothing in it is believed.
void put_first_byte(PacketWalk& walk, std::uint32_t least, std::uint32_t most) {
    walk.load_byte(0);
    walk.code.jump_unless(BPF_JGE, least, walk.reject);
    walk.code.jump_if(BPF_JGE, most + 1, walk.reject);
}

// Goes on where one of the two addresses, at source_at and stride bytes behind that, is in the prefix.
void put_address(PacketWalk& walk, const AddressPrefix& prefix, std::uint32_t source_at,
                 std::uint32_t stride) {
    const auto& [address, bits] = prefix;
    const Label found = walk.code.label();
    for (const std::uint32_t at : {source_at, source_at + stride}) {
        const Label other = walk.code.label();
        for (int word = 0; 32 * word < bits; ++word) {
            std::uint32_t value = 0;
            for (int i = 0; i < 4; ++i)
                value = value << 8 |
                        std::to_integer<std::uint32_t>(address.bytes[static_cast<std::size_t>(4 * word + i)]);
            const int in_word = std::min(32, bits - 32 * word);
            walk.load_word(at + static_cast<std::uint32_t>(4 * word));
            if (in_word < 32) walk.code.emit(BPF_ALU | BPF_AND | BPF_K, ~0U << (32 - in_word));
            walk.code.jump_unless(BPF_JEQ, value, other);
        }
        walk.code.jump(found);
        walk.code.place(other);
    }
    walk.code.jump(walk.reject);
    walk.code.place(found);
}

// RFC 826. Only ARP for Ethernet and IPv4 has its addresses where this looks.
void put_arp(PacketWalk& walk, const PacketFilter& filter) {
    walk.code.place(walk.arp);
    if (!wants(filter, Network::arp)) {
        walk.code.jump(walk.reject);
        return;
    }
    if (filter.address) {
        constexpr std::uint32_t kSizes = 0x0604;  // an address of Ethernet has 6 bytes, one of IPv4 has 4
        walk.load_half(4);
        walk.code.jump_unless(BPF_JEQ, kSizes, walk.undecided);
        put_address(walk, *filter.address, 14, 10);
    }
    walk.code.jump(walk.accept);
}

void put_ipv4(PacketWalk& walk, const PacketFilter& filter) {
    walk.code.place(walk.ipv4);
    if (!wants(filter, Network::ipv4)) {
        walk.code.jump(walk.reject);
        return;
    }
    if (filter.address || !wants_all_of(filter, Network::ipv4)) put_first_byte(walk, 0x45, 0x4F);
    if (filter.address) put_address(walk, *filter.address, 12, 4);
    if (wants_all_of(filter, Network::ipv4)) {
        walk.code.jump(walk.accept);
        return;
    }
    walk.load_half(6);
    walk.code.emit(BPF_ALU | BPF_AND | BPF_K, 0x1FFF);
    walk.code.emit(BPF_ST, PacketWalk::kOffset);
    walk.load_byte(9);
    walk.code.emit(BPF_ST, PacketWalk::kProtocol);
    walk.load_byte(0);
    walk.code.emit(BPF_ALU | BPF_AND | BPF_K, 0x0F);
    walk.code.emit(BPF_ALU | BPF_LSH | BPF_K, 2);
    walk.advance_by_accumulator();
    const Label transport = walk.code.label(), authenticated = walk.code.label();
    walk.code.emit(BPF_LD | BPF_MEM, PacketWalk::kOffset);
    walk.code.jump_unless(BPF_JEQ, 0, transport);
    walk.code.emit(BPF_LD | BPF_MEM, PacketWalk::kProtocol);
    walk.code.jump_unless(BPF_JEQ, kAuthentication, transport);
    put_authentication(walk, authenticated);
    walk.code.place(authenticated);
    walk.code.emit(BPF_LD | BPF_MEM, PacketWalk::kProtocol);
    walk.code.jump_if(BPF_JEQ, kAuthentication, walk.undecided);
    walk.code.place(transport);
    put_transport(walk, filter, Network::ipv4);
}

void put_ipv6(PacketWalk& walk, const PacketFilter& filter) {
    walk.code.place(walk.ipv6);
    if (!wants(filter, Network::ipv6)) {
        walk.code.jump(walk.reject);
        return;
    }
    if (filter.address || !wants_all_of(filter, Network::ipv6)) put_first_byte(walk, 0x60, 0x6F);
    if (filter.address) put_address(walk, *filter.address, 8, 16);
    if (wants_all_of(filter, Network::ipv6)) {
        walk.code.jump(walk.accept);
        return;
    }
    const Label transport = walk.code.label();
    walk.code.emit(BPF_LD | BPF_IMM, 0);
    walk.code.emit(BPF_ST, PacketWalk::kOffset);
    walk.load_byte(6);
    walk.code.emit(BPF_ST, PacketWalk::kProtocol);
    walk.advance(40);
    put_extensions(walk, transport);
    walk.code.place(transport);
    put_transport(walk, filter, Network::ipv6);
}

}  // namespace

void put_network_layers(PacketWalk& walk, const PacketFilter& filter) {
    put_arp(walk, filter);
    put_ipv4(walk, filter);
    put_ipv6(walk, filter);
}

}  // namespace packetsentry::capture
