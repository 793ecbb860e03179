#include "daemon/capture/filter/link_type_steps.h"

#include <algorithm>
#include <array>

namespace packetsentry::capture {
namespace {

constexpr std::uint32_t kFirstType = 0x0600;  // what is below tells a length, or is Linux's own

// How the walk through a frame begins.
enum class Start : std::uint8_t {
    ethernet,
    sll,
    sll2,
    family,
    version,
    ipv4,
    ipv6,
    ppp,
    ppp_or_hdlc,
    pppoe,
};

// LINKTYPE_* numbers, https://www.tcpdump.org/linktypes.html
struct LinkType {
    std::uint32_t number;
    Start start;
};
constexpr std::array kLinkTypes{
    LinkType{1, Start::ethernet},      // ETHERNET
    LinkType{113, Start::sll},         // LINUX_SLL
    LinkType{276, Start::sll2},        // LINUX_SLL2
    LinkType{0, Start::family},        // NULL
    LinkType{108, Start::family},      // LOOP
    LinkType{101, Start::version},     // RAW
    LinkType{12, Start::version},      // RAW as tools wrote it that took the DLT
    LinkType{14, Start::version},      // the same on OpenBSD
    LinkType{228, Start::ipv4},        // IPV4
    LinkType{229, Start::ipv6},        // IPV6
    LinkType{9, Start::ppp},           // PPP
    LinkType{50, Start::ppp_or_hdlc},  // PPP_HDLC
    LinkType{51, Start::pppoe},        // PPP_ETHER
};

const LinkType* find(std::uint32_t link_type) {
    const auto* const row = std::ranges::find(kLinkTypes, link_type, &LinkType::number);
    return row == kLinkTypes.end() ? nullptr : row;
}

// Where a cooked header has what it tells of a packet.
struct CookedHeader {
    std::uint32_t size;
    std::uint32_t type_at;
    std::uint32_t hardware_at;
};

void begin_at(PacketWalk& walk, PacketWalk::Label label) {
    walk.start_behind(0);
    walk.code.jump(label);
}

void begin_ethernet(PacketWalk& walk) {
    walk.start_behind(14);
    walk.code.emit(BPF_LD | BPF_H | BPF_ABS, 12);
    walk.code.jump(walk.tags);
}

// Small numbers are Linux's own protocols (linux/if_ether.h), of which 802.2 may carry IP, unless the frame
// is one of Wi-Fi (linux/if_arp.h).
void begin_cooked(PacketWalk& walk, const CookedHeader& header) {
    constexpr std::uint32_t kLlcProtocol = 4, kHardwareIeee80211 = 801, kHardwareRadiotap = 803;
    walk.start_behind(header.size);
    walk.code.emit(BPF_LD | BPF_H | BPF_ABS, header.type_at);
    walk.code.jump_if(BPF_JGE, kFirstType, walk.tags);
    walk.code.emit(BPF_LD | BPF_H | BPF_ABS, header.hardware_at);
    walk.code.jump_if(BPF_JEQ, kHardwareIeee80211, walk.carried);
    walk.code.jump_if(BPF_JEQ, kHardwareRadiotap, walk.carried);
    walk.code.emit(BPF_LD | BPF_H | BPF_ABS, header.type_at);
    walk.code.jump_if(BPF_JEQ, kLlcProtocol, walk.llc);
    walk.code.jump(walk.reject);
}

// The number of an address family, in the byte order of whoever captured: BSD, Darwin, Windows, Linux.
void begin_family(PacketWalk& walk) {
    walk.start_behind(4);
    walk.code.emit(BPF_LD | BPF_W | BPF_ABS, 0);
    for (const std::uint32_t shift : {0U, 24U}) {
        walk.code.jump_if(BPF_JEQ, 2U << shift, walk.ipv4);
        for (const std::uint32_t family : {10U, 23U, 24U, 28U, 30U})
            walk.code.jump_if(BPF_JEQ, family << shift, walk.ipv6);
    }
    // Some adapters have an EtherType in the last two bytes, and something before it.
    walk.code.jump_unless(BPF_JGE, 0x10000, walk.reject);
    walk.code.emit(BPF_ALU | BPF_AND | BPF_K, 0xFFFF);
    walk.code.jump_unless(BPF_JGE, kFirstType, walk.reject);
    walk.code.jump(walk.tags);
}

// Cisco's HDLC has an address of its own where PPP has 0xFF, and what it carries the dissector reads.
void begin_ppp_or_hdlc(PacketWalk& walk) {
    constexpr std::uint32_t kHdlcUnicast = 0x0F00, kHdlcMulticast = 0x8F00;
    walk.start_behind(0);
    walk.load_half(0);
    walk.code.jump_if(BPF_JEQ, kHdlcUnicast, walk.carried);
    walk.code.jump_if(BPF_JEQ, kHdlcMulticast, walk.carried);
    walk.code.jump(walk.ppp);
}

void begin(PacketWalk& walk, Start start) {
    switch (start) {
        case Start::ethernet:
            return begin_ethernet(walk);
        case Start::sll:
            return begin_cooked(walk, {.size = 16, .type_at = 14, .hardware_at = 2});
        case Start::sll2:
            return begin_cooked(walk, {.size = 20, .type_at = 0, .hardware_at = 8});
        case Start::family:
            return begin_family(walk);
        case Start::version:
            walk.start_behind(0);
            return walk.jump_by_ip_version();
        case Start::ipv4:
            return begin_at(walk, walk.ipv4);
        case Start::ipv6:
            return begin_at(walk, walk.ipv6);
        case Start::ppp:
            return begin_at(walk, walk.ppp);
        case Start::ppp_or_hdlc:
            return begin_ppp_or_hdlc(walk);
        case Start::pppoe:
            return begin_at(walk, walk.pppoe);
    }
}

}  // namespace

bool has_link_type_steps(std::uint32_t link_type) {
    return find(link_type) != nullptr;
}

bool put_link_type(PacketWalk& walk, std::uint32_t link_type) {
    const LinkType* const row = find(link_type);
    if (row == nullptr) return false;
    begin(walk, row->start);
    return true;
}

}  // namespace packetsentry::capture
