#include "daemon/dissect/ipv6_extensions.h"

#include "daemon/dissect/authentication.h"

namespace packetsentry::dissect {
namespace {

constexpr std::size_t kHeaderLimit = 16;

constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestinationOptions = 60;

constexpr std::size_t kAddressSize = 16;
constexpr std::size_t kRouteLimit = 16;  // addresses; a longer route is not believed

bool is_extension(std::uint8_t number) {
    switch (number) {
        case kHopByHop:
        case kRouting:
        case kFragment:
        case kAuthentication:
        case kDestinationOptions:
            return true;
        default:
            return false;
    }
}

LayerName layer_of(std::uint8_t number) {
    switch (number) {
        case kHopByHop:
            return LayerName::ipv6_hop_by_hop;
        case kRouting:
            return LayerName::ipv6_routing;
        case kFragment:
            return LayerName::ipv6_fragment;
        case kAuthentication:
            return LayerName::ah;
        default:
            return LayerName::ipv6_destination;
    }
}

// RFC 8200 section 4.2: 0 is one byte, all others tell their length.
void check_options(Cursor options, ExtensionChain& chain, Walk& walk) {
    walk.note(Layout::Kind::ipv6_options, options.left());
    while (!options.empty()) {
        if (options.u8() == 0) continue;
        options.skip(options.u8());
    }
    chain.malformed |= options.malformed();
}

void read_fragment(Cursor& bytes, ExtensionChain& chain, Walk& walk) {
    walk.note(Layout::Kind::opaque, bytes.take(1));  // reserved
    const std::uint16_t offset = bytes.u16();
    chain.fragment = {
        .id = bytes.u32(), .offset = offset & 0xFFF8U, .more = (offset & 1) != 0, .is_there = true};
    if (!bytes.failed() && chain.fragment.first_of_more()) bytes.mark_cut();
}

// Behind its first eight bytes a routing header has one address if it is of type 2 (RFC 6275 section 6.4), as
// many as the number of its last entry tells if it is of type 4 (RFC 8754 section 2), and as many as there is
// room for if it is of type 0 (RFC 2460 section 4.4). How many the others have is not known.
std::size_t addresses_in_route(std::uint8_t type, std::uint8_t last_entry, std::size_t room) {
    switch (type) {
        case 0:
            return room / kAddressSize;
        case 2:
            return 1;
        case 4:
            return last_entry + std::size_t{1};
        default:
            return 0;
    }
}

// The body has type and segments left, four bytes that depend on the type, addresses, and what else there may
// be. Whatever is not one of the addresses may be anything.
void note_route(Cursor body, Walk& walk) {
    const std::uint8_t type = body.u8();
    const std::uint8_t segments_left = body.u8();
    const Cursor unknown = body;
    const std::uint8_t last_entry = body.peek();
    const auto by_type = body.take(4);
    const std::size_t count = addresses_in_route(type, last_entry, body.remaining());
    if (count == 0 || count > kRouteLimit || segments_left > count || !body.has(count * kAddressSize))
        return walk.note(Layout::Kind::opaque, unknown.left());
    walk.note(Layout::Kind::opaque, by_type);
    walk.note(Layout::Kind::identifier, body.take(count * kAddressSize));
    walk.note(Layout::Kind::opaque, body.left());
}

void read_sized(std::uint8_t number, Cursor& bytes, ExtensionChain& chain, Walk& walk) {
    const std::size_t units = bytes.u8();
    const std::size_t size = number == kAuthentication ? (units + 2) * 4 : (units + 1) * 8;
    const Cursor body = bytes.sub(size - 2);
    if (number == kHopByHop || number == kDestinationOptions) check_options(body, chain, walk);
    if (number == kRouting) note_route(body, walk);
    if (number == kAuthentication) note_authentication(body, walk);
}

}  // namespace

ExtensionChain walk_extensions(std::uint8_t next, Cursor& bytes, Walk& walk) {
    ExtensionChain chain{.next = next};
    std::size_t headers = 0;
    for (; is_extension(chain.next) && headers < kHeaderLimit && chain.fragment.offset == 0; ++headers) {
        const std::uint8_t number = chain.next;
        walk.enter(layer_of(number));
        const std::uint8_t following = bytes.u8();
        if (number == kFragment)
            read_fragment(bytes, chain, walk);
        else
            read_sized(number, bytes, chain, walk);
        if (bytes.failed()) break;
        walk.header_ends(bytes);
        chain.next = following;
    }
    chain.malformed |= bytes.malformed();
    chain.stopped = bytes.failed() || headers == kHeaderLimit;
    if (headers == kHeaderLimit) walk.out.incomplete = true;
    return chain;
}

}  // namespace packetsentry::dissect
