#include "daemon/dissect/linux_cooked.h"

#include <algorithm>
#include <array>

#include "daemon/dissect/ethertype.h"
#include "daemon/dissect/ieee80211.h"
#include "daemon/dissect/llc.h"
#include "daemon/dissect/radiotap.h"
#include "daemon/dissect/vlan.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kCooked{.word = "SLL", .detail = kDetailOnly};
constexpr Protocol kNetlink{.word = "Netlink", .layers = "netlink"};
constexpr Protocol kCan{.word = "CAN", .layers = "can"};

// ARPHRD_* of linux/if_arp.h whose protocol field is not an EtherType.
constexpr std::uint16_t kHardwareIeee80211 = 801;
constexpr std::uint16_t kHardwareRadiotap = 803;
constexpr std::uint16_t kHardwareNetlink = 824;

// Protocol numbers below the EtherTypes, of linux/if_ether.h.
constexpr std::uint16_t kProtocolLlc = 4;
constexpr std::uint16_t kProtocolCan = 12;
constexpr std::uint16_t kProtocolCanXl = 14;

constexpr std::uint16_t kTypeIpv4 = 0x0800;
constexpr std::uint16_t kTypeIpv6 = 0x86DD;
constexpr std::array<std::uint16_t, 3> kTypesOfTags{0x8100, 0x88A8, 0x9100};

// The field set of the observer: whoever captured, whose interfaces these are.
constexpr const FieldInfo& kDirection = field("network.direction");
constexpr const FieldInfo& kIngressId = field("observer.ingress.interface.id");
constexpr const FieldInfo& kEgressId = field("observer.egress.interface.id");

// Packet types, of linux/if_packet.h. Those below it were received.
constexpr std::uint16_t kSentByUs = 4;

struct CookedHeader {
    std::uint16_t packet_type = 0;
    std::uint32_t interface_index = 0;  // 0: the header does not tell it
    std::uint16_t hardware = 0;
    std::size_t address_size = 0;
    std::span<const std::byte> address;
    std::uint16_t protocol = 0;
};

// The address of a tunnel is the IPv4 address of its other end. The bytes that fill the field up may be
// anything.
void note_address(const CookedHeader& header, Walk& walk) {
    const std::size_t size = std::min(header.address_size, header.address.size());
    const auto kind = size == 6   ? Layout::Kind::mac
                      : size == 4 ? Layout::Kind::ipv4
                                  : Layout::Kind::identifier;
    walk.note(kind, header.address.first(size));
    walk.note(Layout::Kind::opaque, header.address.subspan(size));
}

void tell_interface(const CookedHeader& header, Dissection& out) {
    const bool sent = header.packet_type == kSentByUs;
    if (header.packet_type <= kSentByUs) out.add(kDirection, sent ? "egress" : "ingress");
    if (header.interface_index == 0) return;
    out.interface_index = header.interface_index;
    const std::size_t begin = out.begin_text();
    out.put_number(header.interface_index);
    out.add(sent ? kEgressId : kIngressId, out.text_since(begin));
}

// The first four bits of what is left, if that is an IP packet.
unsigned ip_version(const Cursor& bytes) {
    return bytes.empty() ? 0 : std::to_integer<unsigned>(bytes.left().front()) >> 4;
}

// Since 6.10 Linux tells of a packet with several VLAN tags, which it hands over without its link layer, the
// protocol behind all of them. The tags that were not taken out stand there still, without the type of the
// first.
bool begins_within_tags(Cursor bytes, std::uint16_t protocol) {
    if (protocol != kTypeIpv4 && protocol != kTypeIpv6) return false;
    const unsigned version = protocol == kTypeIpv4 ? 4 : 6;
    if (ip_version(bytes) == version) return false;
    std::uint16_t type = 0;
    do {
        (void)bytes.u16();
        type = bytes.u16();
    } while (std::ranges::find(kTypesOfTags, type) != kTypesOfTags.end());
    return !bytes.failed() && type == protocol && ip_version(bytes) == version;
}

Layer enter(const CookedHeader& header, Cursor& bytes, Walk& walk) {
    walk.check(bytes);
    walk.understood(kCooked, LayerName::sll);
    if (bytes.failed()) return {};
    tell_interface(header, walk.out);
    note_address(header, walk);
    walk.header_ends(bytes);
    if (header.address_size == 6) walk.enter_link(header.address.first<6>());
    if (header.hardware == kHardwareNetlink) return by_word(kNetlink, walk);
    if (header.hardware == kHardwareRadiotap) return {dissect_radiotap};
    if (header.hardware == kHardwareIeee80211) return {dissect_ieee80211};
    if (header.protocol == kProtocolLlc) return {dissect_llc};
    if (header.protocol >= kProtocolCan && header.protocol <= kProtocolCanXl) return by_word(kCan, walk);
    if (begins_within_tags(bytes, header.protocol)) {
        walk.enter(LayerName::ethertype);
        return {dissect_vlan};
    }
    return enter_ethertype(header.protocol, walk);
}

}  // namespace

Layer dissect_linux_sll(Cursor& bytes, Walk& walk) {
    CookedHeader header;
    header.packet_type = bytes.u16();
    header.hardware = bytes.u16();
    header.address_size = bytes.u16();
    header.address = bytes.take<8>();
    header.protocol = bytes.u16();
    return enter(header, bytes, walk);
}

Layer dissect_linux_sll2(Cursor& bytes, Walk& walk) {
    CookedHeader header;
    header.protocol = bytes.u16();
    walk.note(Layout::Kind::opaque, bytes.take(2));  // reserved
    header.interface_index = bytes.u32();
    header.hardware = bytes.u16();
    header.packet_type = bytes.u8();
    header.address_size = bytes.u8();
    header.address = bytes.take<8>();
    return enter(header, bytes, walk);
}

}  // namespace packetsentry::dissect
