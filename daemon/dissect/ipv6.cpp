#include "daemon/dissect/ipv6.h"

#include "daemon/dissect/ip_protocol.h"
#include "daemon/dissect/ipv6_extensions.h"

namespace packetsentry::dissect {
namespace {

constexpr Protocol kIpv6{.word = "IPv6", .detail = kDetailOnly};

struct Header {
    unsigned version = 0;
    std::size_t payload_length = 0;
    std::uint8_t next = 0;
};

// Up to the addresses.
Header read_fixed(Cursor& bytes) {
    Header header;
    header.version = bytes.u32() >> 28;
    header.payload_length = bytes.u16();
    header.next = bytes.u8();
    bytes.skip(1);
    return header;
}

// A length of 0 in front of something is a jumbogram's, or one that the sender's card was to fill in.
void narrow_to_payload(Cursor& bytes, const Header& header, Walk& walk) {
    if (header.payload_length == 0 && header.next != kNoNextHeader) return;
    walk.narrow(bytes, header.payload_length);
}

}  // namespace

Layer dissect_ipv6(Cursor& bytes, Walk& walk) {
    const Header header = read_fixed(bytes);
    const auto source = bytes.take<16>();
    const auto destination = bytes.take<16>();
    walk.check(bytes);
    walk.understood(kIpv6);
    if (bytes.failed() || header.version != 6) {
        walk.out.malformed |= !bytes.failed();
        walk.enter_broken_network(Network::ipv6);
        return {};
    }
    narrow_to_payload(bytes, header, walk);
    walk.header_ends(bytes);
    const ExtensionChain chain = walk_extensions(header.next, bytes, walk);
    walk.out.malformed |= chain.malformed;
    walk.enter_network(Network::ipv6, source, destination, chain.next);
    if (chain.stopped) return {};
    if (chain.fragment.offset != 0) {
        describe_fragment(chain.fragment, bytes.remaining_on_wire(), chain.next, walk);
        return {};
    }
    return by_ip_protocol(chain.next, walk);
}

}  // namespace packetsentry::dissect
