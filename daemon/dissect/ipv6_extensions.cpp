#include "daemon/dissect/ipv6_extensions.h"

namespace packetsentry::dissect {
namespace {

constexpr std::size_t kHeaderLimit = 16;

constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestinationOptions = 60;

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

// RFC 8200 section 4.2: 0 is one byte, all others tell their length.
void check_options(Cursor options, ExtensionChain& chain, Walk& walk) {
    walk.note(Layout::Kind::ipv6_options, options.left());
    while (!options.empty()) {
        if (options.u8() == 0) continue;
        options.skip(options.u8());
    }
    chain.malformed |= options.malformed();
}

void read_fragment(Cursor& bytes, ExtensionChain& chain) {
    bytes.skip(1);
    const std::uint16_t offset = bytes.u16();
    chain.fragment = {.id = bytes.u32(), .offset = offset & 0xFFF8U, .more = (offset & 1) != 0};
    if (!bytes.failed() && chain.fragment.first_of_more()) bytes.mark_cut();
}

// The routing header's body: type and segments left, then addresses in an order by type.
void note_route(Cursor body, Walk& walk) {
    body.skip(2);
    walk.note(Layout::Kind::identifier, body.left());
}

void read_sized(std::uint8_t number, Cursor& bytes, ExtensionChain& chain, Walk& walk) {
    const std::size_t units = bytes.u8();
    const std::size_t size = number == kAuthentication ? (units + 2) * 4 : (units + 1) * 8;
    const Cursor body = bytes.sub(size - 2);
    if (number == kHopByHop || number == kDestinationOptions) check_options(body, chain, walk);
    if (number == kRouting) note_route(body, walk);
}

}  // namespace

ExtensionChain walk_extensions(std::uint8_t next, Cursor& bytes, Walk& walk) {
    ExtensionChain chain{.next = next};
    std::size_t headers = 0;
    for (; is_extension(chain.next) && headers < kHeaderLimit && chain.fragment.offset == 0; ++headers) {
        const std::uint8_t number = chain.next;
        const std::uint8_t following = bytes.u8();
        if (number == kFragment)
            read_fragment(bytes, chain);
        else
            read_sized(number, bytes, chain, walk);
        if (bytes.failed()) break;
        walk.header_ends(bytes);
        chain.next = following;
    }
    chain.malformed |= bytes.malformed();
    chain.stopped = bytes.failed() || headers == kHeaderLimit;
    return chain;
}

}  // namespace packetsentry::dissect
