#include "daemon/dissect/ipv6.h"

#include <algorithm>

#include "daemon/dissect/internet_checksum.h"
#include "daemon/dissect/ip_protocol.h"
#include "daemon/dissect/ipv6_extensions.h"

namespace packetsentry::dissect {
namespace {

constexpr std::size_t kIpv6HeaderSize = 40;
constexpr Protocol kIpv6{.word = "IPv6", .detail = kDetailOnly};

struct Ipv6Header {
    unsigned version = 0;
    std::uint8_t traffic_class = 0;
    std::uint8_t hop_limit = 0;
    std::size_t payload_length = 0;
    std::uint8_t next = 0;
};

// Up to the addresses.
Ipv6Header read_fixed(Cursor& bytes) {
    Ipv6Header header;
    const std::uint32_t first = bytes.u32();
    header.version = first >> 28;
    header.traffic_class = static_cast<std::uint8_t>(first >> 20);
    header.payload_length = bytes.u16();
    header.next = bytes.u8();
    header.hop_limit = bytes.u8();
    return header;
}

// As IPv4's header has it.
std::uint16_t fragment_field(const Fragment& fragment) {
    if (!fragment.is_there) return 0;
    const auto bits = static_cast<std::uint16_t>(kFragmentHeader | fragment.offset / 8);
    return fragment.more ? bits | kMoreFragments : bits;
}

// A packet may be followed by padding to the 46 bytes that an Ethernet frame carries at least, of which 40
// are this header, and by the checksum of the frame.
constexpr std::size_t kTrailerLimit = 6 + 4;

// Takes the bytes behind the header. It has no checksum, so its length is all there is to check: payload that
// only looks like a header seldom tells the right one.
bool has_right_length(const Cursor& bytes, const Ipv6Header& header) {
    return header.payload_length != 0 && bytes.fits(header.payload_length) &&
           bytes.remaining_on_wire() <= header.payload_length + kTrailerLimit;
}

// A length of 0 in front of more than padding is a jumbogram's, or one that the sender's card was to fill in.
bool tells_length(const Cursor& bytes, const Ipv6Header& header) {
    return header.payload_length != 0 || header.next == kNoNextHeader ||
           bytes.remaining_on_wire() <= kTrailerLimit;
}

}  // namespace

bool is_ipv6(const Cursor& bytes) {
    Cursor ahead = bytes;
    const Ipv6Header header = read_fixed(ahead);
    ahead.skip(2 * 16);
    return !ahead.failed() && header.version == 6 && has_right_length(ahead, header);
}

bool carries_right_checksum(const Cursor& bytes) {
    Cursor ahead = bytes;
    const Ipv6Header header = read_fixed(ahead);
    const std::uint32_t addresses = internet_sum(ahead.take(2 * 16));
    constexpr std::uint8_t kTcpNumber = 6, kUdpNumber = 17, kIcmpv6Number = 58;
    if (header.next != kTcpNumber && header.next != kUdpNumber && header.next != kIcmpv6Number) return false;
    if (!ahead.has(header.payload_length)) return false;
    const auto pseudo = addresses + static_cast<std::uint32_t>(header.payload_length) + header.next;
    return internet_sum(ahead.take(header.payload_length), pseudo) == kRightSum;
}

Layer dissect_ipv6(Cursor& bytes, Walk& walk) {
    const Ipv6Header header = read_fixed(bytes);
    const auto source = bytes.take<16>();
    const auto destination = bytes.take<16>();
    walk.check(bytes);
    walk.understood(kIpv6, LayerName::ipv6);
    if (bytes.failed() || header.version != 6) {
        walk.out.malformed |= !bytes.failed();
        walk.enter_broken_network(Network::ipv6);
        return {};
    }
    if (walk.networks() != 0 && !has_right_length(bytes, header)) walk.stop_keeping();
    const bool told = tells_length(bytes, header);
    if (told) walk.narrow(bytes, header.payload_length);
    const std::size_t left_behind_header = bytes.remaining_on_wire();
    const std::size_t behind_header = told ? header.payload_length : left_behind_header;
    walk.header_ends(bytes);
    const ExtensionChain chain = walk_extensions(header.next, bytes, walk);
    walk.out.malformed |= chain.malformed;
    walk.enter_network(Network::ipv6, source, destination, chain.next);
    walk.enter_ip(header.hop_limit, header.traffic_class, 0, fragment_field(chain.fragment));
    const std::size_t extensions = left_behind_header - bytes.remaining_on_wire();
    walk.enter_ip_payload(kIpv6HeaderSize + behind_header,
                          behind_header - std::min(behind_header, extensions));
    if (chain.fragment.is_there) walk.enter_fragment_id(chain.fragment.id);
    if (chain.stopped) return {};
    if (chain.fragment.offset != 0) {
        describe_fragment(chain.fragment, bytes.remaining_on_wire(), chain.next, walk);
        return {};
    }
    return by_ip_protocol(chain.next, walk);
}

}  // namespace packetsentry::dissect
