#include "daemon/capture/filter/link_layer_steps.h"

#include <array>
#include <cstdint>

namespace packetsentry::capture {
namespace {

using Label = PacketWalk::Label;

constexpr int kTagLimit = 4, kLabelLimit = 4;

constexpr std::uint32_t kIpv4Type = 0x0800, kIpv6Type = 0x86DD, kArpType = 0x0806, kRarpType = 0x8035;
constexpr std::array<std::uint32_t, 4> kTagTypes{0x8100, 0x88A8, 0x9100, 0x9200};
// IEEE 802.1BR's E-Tag and Cisco's VN-Tag stand before the others.
constexpr std::uint32_t kEtagType = 0x893F, kVntagType = 0x8926;
// Only the dissector reads what these carry, which mostly is another Ethernet frame: transparent Ethernet
// bridging, PBB, FabricPath, NSH.
constexpr std::array<std::uint32_t, 4> kCarrierTypes{0x6558, 0x88E7, 0x8903, 0x894F};
// A frame in a pseudowire has one of these where an IP header has a part of its source address.
constexpr std::array<std::uint32_t, 10> kTypesInPseudowire{0x0800, 0x86DD, 0x0806, 0x8100, 0x88A8,
                                                           0x9100, 0x9200, 0x8847, 0x8848, 0x8864};

// A tag stands between a type and the next type, which is behind six bytes of an E-Tag, four of a VN-Tag and
// two of any other.
void put_tags(PacketWalk& walk) {
    const Label etag = walk.code.label(), vntag = walk.code.label();
    walk.code.place(walk.tags);
    for (int i = 0; i < kTagLimit; ++i) {
        const Label tag = walk.code.label();
        // What has no tag, nearly everything, is through after two comparisons.
        walk.code.jump_if(BPF_JEQ, kIpv4Type, walk.ipv4);
        walk.code.jump_if(BPF_JEQ, kIpv6Type, walk.ipv6);
        for (const std::uint32_t type : kTagTypes) walk.code.jump_if(BPF_JEQ, type, tag);
        if (i == 0) {
            walk.code.jump_if(BPF_JEQ, kEtagType, etag);
            walk.code.jump_if(BPF_JEQ, kVntagType, vntag);
        }
        walk.code.jump(walk.ethertype);
        if (i == 0) {
            walk.code.place(etag);
            walk.advance(2);
            walk.code.place(vntag);
            walk.advance(2);
        }
        walk.code.place(tag);
        walk.load_half(2);
        walk.advance_keeping_accumulator(4);
    }
}

void put_ethertype(PacketWalk& walk) {
    constexpr std::uint32_t kPppType = 0x880B, kLengthLimit = 1500;
    walk.code.place(walk.ethertype);
    walk.code.jump_if(BPF_JEQ, kIpv4Type, walk.ipv4);
    walk.code.jump_if(BPF_JEQ, kIpv6Type, walk.ipv6);
    walk.code.jump_if(BPF_JEQ, kArpType, walk.arp);
    walk.code.jump_if(BPF_JEQ, kRarpType, walk.arp);
    walk.code.jump_if(BPF_JEQ, 0x8864, walk.pppoe);
    walk.code.jump_if(BPF_JEQ, 0x8847, walk.labels);
    walk.code.jump_if(BPF_JEQ, 0x8848, walk.labels);
    walk.code.jump_if(BPF_JEQ, kPppType, walk.ppp);
    for (const std::uint32_t type : kTagTypes) walk.code.jump_if(BPF_JEQ, type, walk.carried);
    for (const std::uint32_t type : {kEtagType, kVntagType}) walk.code.jump_if(BPF_JEQ, type, walk.carried);
    for (const std::uint32_t type : kCarrierTypes) walk.code.jump_if(BPF_JEQ, type, walk.carried);
    walk.code.jump_if(BPF_JGE, kLengthLimit + 1, walk.reject);
}

// 802.2: SNAP with an EtherType (RFC 1042, or bridged by IEEE 802.1H) or with another Ethernet frame (RFC
// 2427 appendix A), or IP with a SAP of its own.
void put_llc(PacketWalk& walk) {
    constexpr std::uint32_t kBridgedFrames = 0x0080C2;
    const Label no_snap = walk.code.label();
    walk.code.place(walk.llc);
    walk.load_half(0);
    walk.code.jump_unless(BPF_JEQ, 0xAAAA, no_snap);
    walk.load_byte(2);
    walk.code.jump_unless(BPF_JEQ, 3, walk.reject);
    walk.load_word(2);  // the control byte and the organisation
    walk.code.emit(BPF_ALU | BPF_AND | BPF_K, 0x00FFFFFF);
    const Label bridged = walk.code.label();
    walk.code.jump_if(BPF_JEQ, 0, bridged);
    walk.code.jump_if(BPF_JEQ, kBridgedFrames, walk.carried);
    walk.code.jump_unless(BPF_JEQ, 0x0000F8, walk.reject);
    walk.code.place(bridged);
    walk.load_half(6);
    walk.advance_keeping_accumulator(8);
    walk.code.jump_if(BPF_JEQ, kIpv4Type, walk.ipv4);
    walk.code.jump_if(BPF_JEQ, kIpv6Type, walk.ipv6);
    walk.code.jump_if(BPF_JEQ, kArpType, walk.arp);
    walk.code.jump_if(BPF_JEQ, kRarpType, walk.arp);
    walk.code.jump(walk.carried);
    walk.code.place(no_snap);
    walk.code.emit(BPF_ALU | BPF_RSH | BPF_K, 8);
    walk.code.jump_unless(BPF_JEQ, 0x06, walk.reject);
    walk.advance(3);
    walk.code.jump(walk.ipv4);
}

// RFC 2516 section 4: the six bytes of a session's header.
void put_pppoe(PacketWalk& walk) {
    walk.code.place(walk.pppoe);
    walk.load_byte(1);
    walk.code.jump_unless(BPF_JEQ, 0, walk.reject);
    walk.advance(6);
}

// RFC 1661 sections 2 and 6: address and control may be left out, and the upper byte of a small number.
void put_ppp(PacketWalk& walk) {
    const Label number = walk.code.label(), whole = walk.code.label(), chosen = walk.code.label();
    walk.code.place(walk.ppp);
    walk.load_half(0);
    walk.code.jump_unless(BPF_JEQ, 0xFF03, number);
    walk.advance(2);
    walk.code.place(number);
    walk.load_byte(0);
    walk.code.jump_unless(BPF_JSET, 1, whole);
    walk.advance_keeping_accumulator(1);
    walk.code.jump(chosen);
    walk.code.place(whole);
    walk.load_half(0);
    walk.advance_keeping_accumulator(2);
    walk.code.place(chosen);
    walk.code.jump_if(BPF_JEQ, 0x0021, walk.ipv4);
    walk.code.jump_if(BPF_JEQ, 0x0057, walk.ipv6);
    walk.code.jump_unless(BPF_JEQ, 0x0281, walk.reject);
}

// RFC 3032 section 2.1. What is at the bottom is not told; the first four bits of IP are its version. So may
// be those of a MAC address in a pseudowire, which has the type of its frame where IP has its source address.
void put_labels(PacketWalk& walk) {
    const Label bottom = walk.code.label(), ip = walk.code.label();
    walk.code.place(walk.labels);
    for (int i = 0; i < kLabelLimit; ++i) {
        walk.load_byte(2);
        walk.advance_keeping_accumulator(4);
        walk.code.jump_if(BPF_JSET, 1, bottom);
    }
    walk.code.jump(walk.carried);
    walk.code.place(bottom);
    walk.load_byte(0);
    walk.code.emit(BPF_ALU | BPF_RSH | BPF_K, 4);
    walk.code.jump_if(BPF_JEQ, 4, ip);
    walk.code.jump_unless(BPF_JEQ, 6, walk.carried);
    walk.code.place(ip);
    walk.load_half(12);
    for (const std::uint32_t type : kTypesInPseudowire) walk.code.jump_if(BPF_JEQ, type, walk.carried);
    walk.jump_by_ip_version();
    // The jumps from above lead here first, because most would be too far from the end of the program.
    walk.code.place(walk.carried);
    walk.code.jump(walk.undecided);
}

}  // namespace

// The order matters: what a step does not send elsewhere goes on into the next one, as a length behind MAC
// addresses goes on into 802.2, and PPPoE into PPP.
void put_link_layers(PacketWalk& walk) {
    put_tags(walk);
    put_ethertype(walk);
    put_llc(walk);
    put_pppoe(walk);
    put_ppp(walk);
    put_labels(walk);
}

}  // namespace packetsentry::capture
