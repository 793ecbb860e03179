#include "tests/conformance/packet_faults.h"

#include <netinet/in.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "daemon/dissect/internet_checksum.h"

namespace packetsentry::conformance {
namespace {

using dissect::internet_sum;
using dissect::kRightSum;
using dissect::Layout;
using Bytes = std::span<const std::byte>;

constexpr std::size_t kIpv4Addresses = 12, kIpv6Addresses = 8, kIpv6Header = 40;

struct IpHeader {
    std::size_t offset = 0;
    bool ipv6 = false;
};

// The two addresses of an IP header follow each other.
std::optional<IpHeader> ip_header(const Layout& layout, std::size_t level) {
    const auto places = layout.places();
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
        const auto kind = places[i].kind;
        const bool pair = (kind == Layout::Kind::ipv4 || kind == Layout::Kind::ipv6) &&
                          places[i + 1].kind == kind &&
                          places[i + 1].offset == places[i].offset + places[i].size;
        if (!pair) continue;
        const bool ipv6 = kind == Layout::Kind::ipv6;
        if (level == 0) return IpHeader{places[i].offset - (ipv6 ? kIpv6Addresses : kIpv4Addresses), ipv6};
        --level;
        ++i;
    }
    return std::nullopt;
}

std::size_t number(Bytes bytes, std::size_t at) {
    return std::to_integer<std::size_t>(bytes[at]) << 8 | std::to_integer<std::size_t>(bytes[at + 1]);
}

// Addresses, protocol and length count too (RFC 9293, section 3.1), but for ICMP of IPv4.
bool has_wrong_checksum(Bytes segment, Bytes addresses, std::uint8_t protocol) {
    const bool udp = protocol == IPPROTO_UDP;
    if (udp && (segment.size() < 8 || number(segment, 6) == 0)) return false;  // it was not computed
    if (udp) segment = segment.first(std::min(segment.size(), std::max<std::size_t>(number(segment, 4), 8)));
    const bool known = udp || protocol == IPPROTO_TCP || protocol == IPPROTO_ICMPV6;
    if (!known && protocol != IPPROTO_ICMP) return false;
    std::uint32_t pseudo = 0;
    if (known) pseudo = internet_sum(addresses, static_cast<std::uint32_t>(segment.size()) + protocol);
    return internet_sum(segment, pseudo) != kRightSum;
}

unsigned ipv4_faults(Bytes packet) {
    const std::size_t header = (std::to_integer<std::size_t>(packet[0]) & 15U) * 4;
    const std::size_t length = number(packet, 2);
    const std::size_t fragment = number(packet, 6);
    if (header < 20 || packet.size() < header) return kCut;
    unsigned faults = internet_sum(packet.first(header)) != kRightSum ? kWrongChecksum : kNoFault;
    if (length == 0) return faults | kZeroLength;
    if (length > packet.size()) faults |= kCut;
    if ((fragment & 0x3FFF) != 0) return faults | kFragment;
    if ((faults & kCut) != 0 || length < header) return faults;
    const auto protocol = std::to_integer<std::uint8_t>(packet[9]);
    if (has_wrong_checksum(packet.subspan(header, length - header), packet.subspan(kIpv4Addresses, 8),
                           protocol))
        faults |= kWrongChecksum;
    return faults;
}

// Extension headers are not looked behind.
unsigned ipv6_faults(Bytes packet) {
    const std::size_t length = number(packet, 4);
    const auto protocol = std::to_integer<std::uint8_t>(packet[6]);
    if (length == 0) return kZeroLength;
    if (kIpv6Header + length > packet.size()) return kCut;
    if (protocol == IPPROTO_FRAGMENT) return kFragment;
    const bool wrong =
        has_wrong_checksum(packet.subspan(kIpv6Header, length), packet.subspan(kIpv6Addresses, 32), protocol);
    return wrong ? kWrongChecksum : kNoFault;
}

}  // namespace

unsigned packet_faults(Bytes frame, const Layout& layout, std::size_t level) {
    const auto header = ip_header(layout, level);
    if (!header) return kNoFault;
    const Bytes packet = frame.subspan(header->offset);
    if (header->ipv6) return packet.size() < kIpv6Header ? kCut : ipv6_faults(packet);
    return packet.size() < 20 ? kCut : ipv4_faults(packet);
}

std::string to_string(unsigned faults) {
    constexpr const char* kNames[] = {"checksum", "zero_length", "fragment", "cut", "malformed", "unread"};
    std::string text;
    for (unsigned i = 0; i < std::size(kNames); ++i)
        if ((faults & 1U << i) != 0) text += (text.empty() ? "" : ",") + std::string(kNames[i]);
    return text.empty() ? "-" : text;
}

}  // namespace packetsentry::conformance
