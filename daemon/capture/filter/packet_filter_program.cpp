#include "daemon/capture/filter/packet_filter_program.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "daemon/capture/filter/bpf_assembler.h"

namespace packetsentry::capture {
namespace {

using base::PacketKind;
using Label = BpfAssembler::Label;
using Network = PacketKind::Network;

constexpr int kTagLimit = 4, kLabelLimit = 4, kExtensionLimit = 4;

// IANA protocol numbers.
constexpr std::uint8_t kHopByHop = 0, kTcp = 6, kUdp = 17, kRouting = 43, kFragment = 44,
                       kAuthentication = 51, kDestinationOptions = 60, kSctp = 132;
constexpr std::array kWithPorts{kTcp, kUdp, kSctp};
constexpr std::array kExtensions{kHopByHop, kRouting, kFragment, kAuthentication, kDestinationOptions};

constexpr std::uint32_t kFirstType = 0x0600;  // what is below tells a length, or is Linux's own
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

// Words of the scratch memory.
constexpr std::uint32_t kProtocol = 0;  // what the network layer carries
constexpr std::uint32_t kOffset = 1;    // of a fragment; 0: it has the transport's header
constexpr std::uint32_t kKept = 2;

// What a packet must be, network by network: the ports of a protocol number, where none are any.
using Transports = std::map<std::uint8_t, std::set<std::uint16_t>>;

class Program {
  public:
    explicit Program(const base::PacketFilter& filter) : filter_(filter) {}

    void begin(Start start);
    [[nodiscard]] std::vector<bpf_insn> finish(std::uint32_t snapshot_length, std::uint32_t undecided_length);

  private:
    // Loads from the packet: at is counted from the walk's place.
    void load_byte(std::uint32_t at) { code_.emit(BPF_LD | BPF_B | BPF_IND, base_ + at); }
    void load_half(std::uint32_t at) { code_.emit(BPF_LD | BPF_H | BPF_IND, base_ + at); }
    void load_word(std::uint32_t at) { code_.emit(BPF_LD | BPF_W | BPF_IND, base_ + at); }
    void start_at(std::uint32_t place) { code_.emit(BPF_LDX | BPF_IMM, place); }
    void advance_by_accumulator();
    void advance(std::uint32_t bytes);
    void advance_keeping_accumulator(std::uint32_t bytes);

    void begin_at(Label label);
    void begin_ethernet();
    void begin_cooked(const CookedHeader& header);
    void begin_family();
    void begin_ppp_or_hdlc();
    void choose_by_version();

    void put_tags();
    void put_ethertype();
    void put_llc();
    void put_pppoe();
    void put_ppp();
    void put_labels();
    void put_arp();
    void put_ipv4();
    void put_ipv6();
    void put_extensions(Label done);
    void put_extension(std::uint32_t number, Label next);
    void put_authentication(Label next);
    void put_first_byte(std::uint32_t least, std::uint32_t most);
    void put_address(std::uint32_t source_at, std::uint32_t stride);
    void put_transport(Network network);
    void put_ports(const std::set<std::uint16_t>& ports);

    [[nodiscard]] bool wants(Network network) const;
    [[nodiscard]] bool wants_all_of(Network network) const;
    [[nodiscard]] Transports transports(Network network) const;

    const base::PacketFilter& filter_;
    std::uint32_t base_ = 0;  // size of the link header
    BpfAssembler code_;
    Label tags_ = code_.label(), ethertype_ = code_.label(), llc_ = code_.label(), pppoe_ = code_.label(),
          ppp_ = code_.label(), labels_ = code_.label(), arp_ = code_.label(), ipv4_ = code_.label(),
          ipv6_ = code_.label(), carried_ = code_.label(), accept_ = code_.label(),
          undecided_ = code_.label(), reject_ = code_.label();
};

bool is_of(const PacketKind& kind, Network network) {
    return kind.network == Network::any || kind.network == network;
}

// Which networks have addresses of this size.
bool has_addresses_of(Network network, std::uint8_t size) {
    return network == Network::ipv6 ? size == 16 : size == 4;
}

bool Program::wants(Network network) const {
    if (filter_.address && !has_addresses_of(network, filter_.address->address.size)) return false;
    if (network == Network::arp && filter_.port != 0) return false;
    const auto fits = [&](const PacketKind& kind) {
        return is_of(kind, network) && (network != Network::arp || (kind.ip_protocol == 0 && kind.port == 0));
    };
    return filter_.kinds.empty() || std::ranges::any_of(filter_.kinds, fits);
}

// Whatever it carries.
bool Program::wants_all_of(Network network) const {
    if (filter_.port != 0) return false;
    return filter_.kinds.empty() || std::ranges::any_of(filter_.kinds, [&](const PacketKind& kind) {
               return is_of(kind, network) && kind.ip_protocol == 0 && kind.port == 0;
           });
}

Transports Program::transports(Network network) const {
    constexpr std::array kAnything{PacketKind{}};
    const std::span<const PacketKind> kinds =
        filter_.kinds.empty() ? std::span<const PacketKind>(kAnything) : filter_.kinds;
    Transports transports;
    const auto add = [&](std::uint8_t protocol, std::uint16_t port) {
        const auto [found, is_new] = transports.try_emplace(protocol);
        // One kind without a port takes all that others name.
        if (port == 0)
            found->second.clear();
        else if (is_new || !found->second.empty())
            found->second.insert(port);
    };
    for (const PacketKind& kind : kinds) {
        if (!is_of(kind, network)) continue;
        if (kind.ip_protocol != 0) add(kind.ip_protocol, kind.port);
        if (kind.ip_protocol == 0)
            for (const std::uint8_t protocol : kWithPorts) add(protocol, kind.port);
    }
    const auto lacks_ports = [](const auto& row) {
        return std::ranges::find(kWithPorts, row.first) == kWithPorts.end();
    };
    if (filter_.port != 0) std::erase_if(transports, lacks_ports);
    return transports;
}

void Program::advance_by_accumulator() {
    code_.emit(BPF_ALU | BPF_ADD | BPF_X);
    code_.emit(BPF_MISC | BPF_TAX);
}

void Program::advance(std::uint32_t bytes) {
    code_.emit(BPF_LD | BPF_IMM, bytes);
    advance_by_accumulator();
}

void Program::advance_keeping_accumulator(std::uint32_t bytes) {
    code_.emit(BPF_ST, kKept);
    advance(bytes);
    code_.emit(BPF_LD | BPF_MEM, kKept);
}

void Program::begin(Start start) {
    switch (start) {
        case Start::ethernet:
            return begin_ethernet();
        case Start::sll:
            return begin_cooked({.size = 16, .type_at = 14, .hardware_at = 2});
        case Start::sll2:
            return begin_cooked({.size = 20, .type_at = 0, .hardware_at = 8});
        case Start::family:
            return begin_family();
        case Start::version:
            start_at(0);
            return choose_by_version();
        case Start::ipv4:
            return begin_at(ipv4_);
        case Start::ipv6:
            return begin_at(ipv6_);
        case Start::ppp:
            return begin_at(ppp_);
        case Start::ppp_or_hdlc:
            return begin_ppp_or_hdlc();
        case Start::pppoe:
            return begin_at(pppoe_);
    }
}

void Program::begin_at(Label label) {
    start_at(0);
    code_.jump(label);
}

void Program::begin_ethernet() {
    base_ = 14;
    start_at(0);
    code_.emit(BPF_LD | BPF_H | BPF_ABS, 12);
    code_.jump(tags_);
}

// Small numbers are Linux's own protocols (linux/if_ether.h), of which 802.2 may carry IP, unless the frame
// is one of Wi-Fi (linux/if_arp.h).
void Program::begin_cooked(const CookedHeader& header) {
    constexpr std::uint32_t kLlcProtocol = 4, kHardwareIeee80211 = 801, kHardwareRadiotap = 803;
    base_ = header.size;
    start_at(0);
    code_.emit(BPF_LD | BPF_H | BPF_ABS, header.type_at);
    code_.jump_if(BPF_JGE, kFirstType, tags_);
    code_.emit(BPF_LD | BPF_H | BPF_ABS, header.hardware_at);
    code_.jump_if(BPF_JEQ, kHardwareIeee80211, carried_);
    code_.jump_if(BPF_JEQ, kHardwareRadiotap, carried_);
    code_.emit(BPF_LD | BPF_H | BPF_ABS, header.type_at);
    code_.jump_if(BPF_JEQ, kLlcProtocol, llc_);
    code_.jump(reject_);
}

// The number of an address family, in the byte order of whoever captured: BSD, Darwin, Windows, Linux.
void Program::begin_family() {
    base_ = 4;
    start_at(0);
    code_.emit(BPF_LD | BPF_W | BPF_ABS, 0);
    for (const std::uint32_t shift : {0U, 24U}) {
        code_.jump_if(BPF_JEQ, 2U << shift, ipv4_);
        for (const std::uint32_t family : {10U, 23U, 24U, 28U, 30U})
            code_.jump_if(BPF_JEQ, family << shift, ipv6_);
    }
    // Some adapters have an EtherType in the last two bytes, and something before it.
    code_.jump_unless(BPF_JGE, 0x10000, reject_);
    code_.emit(BPF_ALU | BPF_AND | BPF_K, 0xFFFF);
    code_.jump_unless(BPF_JGE, kFirstType, reject_);
    code_.jump(tags_);
}

// Cisco's HDLC has an address of its own where PPP has 0xFF, and what it carries the dissector reads.
void Program::begin_ppp_or_hdlc() {
    constexpr std::uint32_t kHdlcUnicast = 0x0F00, kHdlcMulticast = 0x8F00;
    start_at(0);
    load_half(0);
    code_.jump_if(BPF_JEQ, kHdlcUnicast, carried_);
    code_.jump_if(BPF_JEQ, kHdlcMulticast, carried_);
    code_.jump(ppp_);
}

void Program::choose_by_version() {
    load_byte(0);
    code_.emit(BPF_ALU | BPF_RSH | BPF_K, 4);
    code_.jump_if(BPF_JEQ, 4, ipv4_);
    code_.jump_if(BPF_JEQ, 6, ipv6_);
    code_.jump(reject_);
}

// The accumulator has a type. Behind each tag stands another. An E-Tag has six bytes before it, a VN-Tag four
// and any other tag two.
void Program::put_tags() {
    const Label etag = code_.label(), vntag = code_.label();
    code_.place(tags_);
    for (int i = 0; i < kTagLimit; ++i) {
        const Label tag = code_.label();
        // What has no tag, nearly everything, is through after two comparisons.
        code_.jump_if(BPF_JEQ, kIpv4Type, ipv4_);
        code_.jump_if(BPF_JEQ, kIpv6Type, ipv6_);
        for (const std::uint32_t type : kTagTypes) code_.jump_if(BPF_JEQ, type, tag);
        if (i == 0) {
            code_.jump_if(BPF_JEQ, kEtagType, etag);
            code_.jump_if(BPF_JEQ, kVntagType, vntag);
        }
        code_.jump(ethertype_);
        if (i == 0) {
            code_.place(etag);
            advance(2);
            code_.place(vntag);
            advance(2);
        }
        code_.place(tag);
        load_half(2);
        advance_keeping_accumulator(4);
    }
}

void Program::put_ethertype() {
    constexpr std::uint32_t kPppType = 0x880B, kLengthLimit = 1500;
    code_.place(ethertype_);
    code_.jump_if(BPF_JEQ, kIpv4Type, ipv4_);
    code_.jump_if(BPF_JEQ, kIpv6Type, ipv6_);
    code_.jump_if(BPF_JEQ, kArpType, arp_);
    code_.jump_if(BPF_JEQ, kRarpType, arp_);
    code_.jump_if(BPF_JEQ, 0x8864, pppoe_);
    code_.jump_if(BPF_JEQ, 0x8847, labels_);
    code_.jump_if(BPF_JEQ, 0x8848, labels_);
    code_.jump_if(BPF_JEQ, kPppType, ppp_);
    for (const std::uint32_t type : kTagTypes) code_.jump_if(BPF_JEQ, type, carried_);
    for (const std::uint32_t type : {kEtagType, kVntagType}) code_.jump_if(BPF_JEQ, type, carried_);
    for (const std::uint32_t type : kCarrierTypes) code_.jump_if(BPF_JEQ, type, carried_);
    code_.jump_if(BPF_JGE, kLengthLimit + 1, reject_);
}

// 802.2: SNAP with an EtherType (RFC 1042, or bridged by IEEE 802.1H) or with another Ethernet frame (RFC
// 2427 appendix A), or IP with a SAP of its own.
void Program::put_llc() {
    constexpr std::uint32_t kBridgedFrames = 0x0080C2;
    const Label no_snap = code_.label();
    code_.place(llc_);
    load_half(0);
    code_.jump_unless(BPF_JEQ, 0xAAAA, no_snap);
    load_byte(2);
    code_.jump_unless(BPF_JEQ, 3, reject_);
    load_word(2);  // the control byte and the organisation
    code_.emit(BPF_ALU | BPF_AND | BPF_K, 0x00FFFFFF);
    const Label bridged = code_.label();
    code_.jump_if(BPF_JEQ, 0, bridged);
    code_.jump_if(BPF_JEQ, kBridgedFrames, carried_);
    code_.jump_unless(BPF_JEQ, 0x0000F8, reject_);
    code_.place(bridged);
    load_half(6);
    advance_keeping_accumulator(8);
    code_.jump_if(BPF_JEQ, kIpv4Type, ipv4_);
    code_.jump_if(BPF_JEQ, kIpv6Type, ipv6_);
    code_.jump_if(BPF_JEQ, kArpType, arp_);
    code_.jump_if(BPF_JEQ, kRarpType, arp_);
    code_.jump(carried_);
    code_.place(no_snap);
    code_.emit(BPF_ALU | BPF_RSH | BPF_K, 8);
    code_.jump_unless(BPF_JEQ, 0x06, reject_);
    advance(3);
    code_.jump(ipv4_);
}

// RFC 2516 section 4: the six bytes of a session's header.
void Program::put_pppoe() {
    code_.place(pppoe_);
    load_byte(1);
    code_.jump_unless(BPF_JEQ, 0, reject_);
    advance(6);
}

// RFC 1661 sections 2 and 6: address and control may be left out, and the upper byte of a small number.
void Program::put_ppp() {
    const Label number = code_.label(), whole = code_.label(), chosen = code_.label();
    code_.place(ppp_);
    load_half(0);
    code_.jump_unless(BPF_JEQ, 0xFF03, number);
    advance(2);
    code_.place(number);
    load_byte(0);
    code_.jump_unless(BPF_JSET, 1, whole);
    advance_keeping_accumulator(1);
    code_.jump(chosen);
    code_.place(whole);
    load_half(0);
    advance_keeping_accumulator(2);
    code_.place(chosen);
    code_.jump_if(BPF_JEQ, 0x0021, ipv4_);
    code_.jump_if(BPF_JEQ, 0x0057, ipv6_);
    code_.jump_unless(BPF_JEQ, 0x0281, reject_);
}

// RFC 3032 section 2.1. What is at the bottom is not told; the first four bits of IP are its version. So may
// be those of a MAC address in a pseudowire, which has the type of its frame where IP has its source address.
void Program::put_labels() {
    const Label bottom = code_.label(), ip = code_.label();
    code_.place(labels_);
    for (int i = 0; i < kLabelLimit; ++i) {
        load_byte(2);
        advance_keeping_accumulator(4);
        code_.jump_if(BPF_JSET, 1, bottom);
    }
    code_.jump(carried_);
    code_.place(bottom);
    load_byte(0);
    code_.emit(BPF_ALU | BPF_RSH | BPF_K, 4);
    code_.jump_if(BPF_JEQ, 4, ip);
    code_.jump_unless(BPF_JEQ, 6, carried_);
    code_.place(ip);
    load_half(12);
    for (const std::uint32_t type : kTypesInPseudowire) code_.jump_if(BPF_JEQ, type, carried_);
    choose_by_version();
    // The jumps from above lead here first, because most would be too far from the end of the program.
    code_.place(carried_);
    code_.jump(undecided_);
}

// RFC 826, of Ethernet and IPv4.
void Program::put_arp() {
    code_.place(arp_);
    if (!wants(Network::arp)) {
        code_.jump(reject_);
        return;
    }
    if (filter_.address) {
        constexpr std::uint32_t kSizes = 0x0604;  // of addresses of Ethernet and IPv4
        load_half(4);
        code_.jump_unless(BPF_JEQ, kSizes, undecided_);
        put_address(14, 10);
    }
    code_.jump(accept_);
}

void Program::put_ipv4() {
    code_.place(ipv4_);
    if (!wants(Network::ipv4)) {
        code_.jump(reject_);
        return;
    }
    if (filter_.address || !wants_all_of(Network::ipv4)) put_first_byte(0x45, 0x4F);
    if (filter_.address) put_address(12, 4);
    if (wants_all_of(Network::ipv4)) {
        code_.jump(accept_);
        return;
    }
    load_half(6);
    code_.emit(BPF_ALU | BPF_AND | BPF_K, 0x1FFF);
    code_.emit(BPF_ST, kOffset);
    load_byte(9);
    code_.emit(BPF_ST, kProtocol);
    load_byte(0);
    code_.emit(BPF_ALU | BPF_AND | BPF_K, 0x0F);
    code_.emit(BPF_ALU | BPF_LSH | BPF_K, 2);
    advance_by_accumulator();
    const Label transport = code_.label(), authenticated = code_.label();
    code_.emit(BPF_LD | BPF_MEM, kOffset);
    code_.jump_unless(BPF_JEQ, 0, transport);
    code_.emit(BPF_LD | BPF_MEM, kProtocol);
    code_.jump_unless(BPF_JEQ, kAuthentication, transport);
    put_authentication(authenticated);
    code_.place(authenticated);
    code_.emit(BPF_LD | BPF_MEM, kProtocol);
    code_.jump_if(BPF_JEQ, kAuthentication, undecided_);
    code_.place(transport);
    put_transport(Network::ipv4);
}

void Program::put_ipv6() {
    code_.place(ipv6_);
    if (!wants(Network::ipv6)) {
        code_.jump(reject_);
        return;
    }
    if (filter_.address || !wants_all_of(Network::ipv6)) put_first_byte(0x60, 0x6F);
    if (filter_.address) put_address(8, 16);
    if (wants_all_of(Network::ipv6)) {
        code_.jump(accept_);
        return;
    }
    const Label transport = code_.label();
    code_.emit(BPF_LD | BPF_IMM, 0);
    code_.emit(BPF_ST, kOffset);
    load_byte(6);
    code_.emit(BPF_ST, kProtocol);
    advance(40);
    put_extensions(transport);
    code_.place(transport);
    put_transport(Network::ipv6);
}

// RFC 8200 section 4. Behind each, the scratch memory has the number of the next.
void Program::put_extensions(Label done) {
    for (int i = 0; i < kExtensionLimit; ++i) {
        const Label next = code_.label(), by_length = code_.label(), fragment = code_.label(),
                    authentication = code_.label();
        code_.emit(BPF_LD | BPF_MEM, kProtocol);
        code_.jump_if(BPF_JEQ, kTcp, done);
        code_.jump_if(BPF_JEQ, kUdp, done);
        for (const std::uint8_t number : {kHopByHop, kRouting, kDestinationOptions})
            code_.jump_if(BPF_JEQ, number, by_length);
        code_.jump_if(BPF_JEQ, kFragment, fragment);
        code_.jump_if(BPF_JEQ, kAuthentication, authentication);
        code_.jump(done);
        code_.place(by_length);
        load_byte(0);
        code_.emit(BPF_ST, kProtocol);
        load_byte(1);
        code_.emit(BPF_ALU | BPF_ADD | BPF_K, 1);
        code_.emit(BPF_ALU | BPF_LSH | BPF_K, 3);
        advance_by_accumulator();
        code_.jump(next);
        code_.place(authentication);
        put_authentication(next);
        code_.place(fragment);
        load_byte(0);
        code_.emit(BPF_ST, kProtocol);
        load_half(2);
        code_.emit(BPF_ALU | BPF_AND | BPF_K, 0xFFF8);
        code_.emit(BPF_ST, kOffset);
        advance(8);
        code_.emit(BPF_LD | BPF_MEM, kOffset);
        code_.jump_unless(BPF_JEQ, 0, done);
        code_.place(next);
    }
    code_.emit(BPF_LD | BPF_MEM, kProtocol);
    for (const std::uint8_t number : kExtensions) code_.jump_if(BPF_JEQ, number, undecided_);
}

// RFC 4302 section 2: its length is in words of four bytes, less two.
void Program::put_authentication(Label next) {
    load_byte(0);
    code_.emit(BPF_ST, kProtocol);
    load_byte(1);
    code_.emit(BPF_ALU | BPF_ADD | BPF_K, 2);
    code_.emit(BPF_ALU | BPF_LSH | BPF_K, 2);
    advance_by_accumulator();
    code_.jump(next);
}

// Rejects a header whose first byte is below least or above most: its version is another one, or it is too
// short, so nothing in it is believed.
void Program::put_first_byte(std::uint32_t least, std::uint32_t most) {
    load_byte(0);
    code_.jump_unless(BPF_JGE, least, reject_);
    code_.jump_if(BPF_JGE, most + 1, reject_);
}

// Goes on where one of the two addresses, at source_at and stride bytes behind that, is in the prefix.
void Program::put_address(std::uint32_t source_at, std::uint32_t stride) {
    const auto& [address, bits] = *filter_.address;
    const Label found = code_.label();
    for (const std::uint32_t at : {source_at, source_at + stride}) {
        const Label other = code_.label();
        for (int word = 0; 32 * word < bits; ++word) {
            std::uint32_t value = 0;
            for (int i = 0; i < 4; ++i)
                value = value << 8 |
                        std::to_integer<std::uint32_t>(address.bytes[static_cast<std::size_t>(4 * word + i)]);
            const int in_word = std::min(32, bits - 32 * word);
            load_word(at + static_cast<std::uint32_t>(4 * word));
            if (in_word < 32) code_.emit(BPF_ALU | BPF_AND | BPF_K, ~0U << (32 - in_word));
            code_.jump_unless(BPF_JEQ, value, other);
        }
        code_.jump(found);
        code_.place(other);
    }
    code_.jump(reject_);
    code_.place(found);
}

void Program::put_transport(Network network) {
    const Transports wanted = transports(network);
    std::vector<std::pair<Label, const std::set<std::uint16_t>*>> with_ports;
    code_.emit(BPF_LD | BPF_MEM, kProtocol);
    for (const auto& [protocol, ports] : wanted) {
        if (ports.empty() && filter_.port == 0) {
            code_.jump_if(BPF_JEQ, protocol, accept_);
            continue;
        }
        with_ports.emplace_back(code_.label(), &ports);
        code_.jump_if(BPF_JEQ, protocol, with_ports.back().first);
    }
    code_.jump(reject_);
    for (const auto& [label, ports] : with_ports) {
        code_.place(label);
        put_ports(*ports);
    }
}

// The first four bytes of TCP, UDP and SCTP are the ports. A later fragment does not have them.
void Program::put_ports(const std::set<std::uint16_t>& ports) {
    code_.emit(BPF_LD | BPF_MEM, kOffset);
    code_.jump_unless(BPF_JEQ, 0, reject_);
    const auto one_of = [&](const std::set<std::uint16_t>& wanted) {
        const Label found = code_.label();
        for (const std::uint32_t at : {0U, 2U}) {
            load_half(at);
            for (const std::uint16_t port : wanted) code_.jump_if(BPF_JEQ, port, found);
        }
        code_.jump(reject_);
        code_.place(found);
    };
    if (!ports.empty()) one_of(ports);
    if (filter_.port != 0) one_of({filter_.port});
    code_.jump(accept_);
}

std::vector<bpf_insn> Program::finish(std::uint32_t snapshot_length, std::uint32_t undecided_length) {
    put_tags();
    put_ethertype();
    put_llc();
    put_pppoe();
    put_ppp();
    put_labels();
    put_arp();
    put_ipv4();
    put_ipv6();
    code_.place(accept_);
    code_.emit(BPF_RET | BPF_K, snapshot_length);
    code_.place(undecided_);
    code_.emit(BPF_RET | BPF_K, undecided_length);
    code_.place(reject_);
    code_.emit(BPF_RET | BPF_K, 0);
    return code_.finish();
}

}  // namespace

std::optional<std::vector<bpf_insn>> packet_filter_program(const base::PacketFilter& filter,
                                                           std::uint32_t link_type,
                                                           std::uint32_t snapshot_length,
                                                           std::uint32_t undecided_length) {
    const LinkType* const row = find(link_type);
    if (row == nullptr) return std::nullopt;
    Program program(filter);
    program.begin(row->start);
    return program.finish(snapshot_length, undecided_length);
}

bool has_packet_filter_program(std::uint32_t link_type) {
    return find(link_type) != nullptr;
}

}  // namespace packetsentry::capture
